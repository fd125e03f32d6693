import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A compact block on the wire") struct CompactBlockTests {
    private func start(count: UInt16) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(70_002))
        Sample.digest(1).append(to: &bytes)
        let header = Sample.header(delay: 9, entryCount: UInt32(count), bodyBytes: 500_000)
        try Sample.compact(header).append(to: &bytes)
        bytes.append(littleEndian: UInt64(7))
        return bytes
    }

    private func failure(_ type: MessageType, _ body: [UInt8]) -> DecodingFailure? {
        do {
            _ = try Message.decode(type, body)
            return nil
        } catch {
            guard case .decoding(type, let failure) = error else { return nil }
            return failure
        }
    }

    @Test("has short ids of the low 48 bits of a keyed hash") func identifiers() throws {
        let header = Sample.header(delay: 9, entryCount: 2, bodyBytes: 700)
        let leaves = Sample.digests(2)
        var keyed = header.encoded
        keyed.append(littleEndian: UInt64(7))
        var function = try SipHash(key: Array(SHA256.hash(keyed).bytes.prefix(16)))
        let expected = try leaves.map { try function.hash($0) & 0xffff_ffff_ffff }
        #expect(try ShortID.of(leaves, header: header, salt: 7).map(\.rawValue) == expected)
        #expect(try ShortID.of(leaves, header: header, salt: 8).map(\.rawValue) != expected)
    }

    @Test(
        "has a short id or an entry for each of its entries",
        arguments: [0, 1, 2, 3] as [UInt16]
    )
    func counts(count: UInt16) throws {
        var bytes = try start(count: 2)
        bytes.append(littleEndian: count)
        for _ in 0..<count { bytes += [1, 2, 3, 4, 5, 6] }
        for _ in count..<max(2, count) { bytes += [0] + (try Sample.entry(0)).bytes }
        guard count == 3 else {
            #expect(try Message.decode(.compactBlock, bytes).encodedBody() == bytes)
            return
        }
        let over = DecodingFailure.overLimit(field: "short id count", limit: 2, found: 3)
        #expect(failure(.compactBlock, bytes) == over)
    }

    @Test("is refused without entries or at height 0") func empty() throws {
        #expect(failure(.compactBlock, try start(count: 0)) == .zero(field: "entry_count"))
        let bytes = [0, 0, 0, 0] + (try start(count: 1)).dropFirst(4)
        #expect(failure(.compactBlock, bytes) == .zero(field: "block height"))
    }

    @Test("has whole entries at places inside the block alone") func places() throws {
        let entry = try Sample.entry(0).bytes
        var bytes = try start(count: 3)
        bytes.append(littleEndian: UInt16(1))
        bytes += [1, 2, 3, 4, 5, 6]
        #expect(failure(.compactBlock, bytes + [1] + entry + [0] + entry) == nil)
        #expect(failure(.compactBlock, bytes + [0] + entry + [1] + entry) == nil)
        #expect(
            failure(.compactBlock, bytes + [1] + entry + [1] + entry)
                == .overLimit(field: "entry index", limit: 0, found: 1)
        )
        #expect(
            failure(.compactBlock, bytes + [2] + entry + [0] + entry)
                == .overLimit(field: "entry index", limit: 2, found: 3)
        )
        #expect(
            failure(.compactBlock, bytes + [3] + entry + [0] + entry)
                == .overLimit(field: "entry index", limit: 2, found: 3)
        )
        #expect(
            failure(.compactBlock, bytes + [0x81, 0x00] + entry + [0] + entry)
                == .notCanonical(field: "entry index")
        )
    }

    @Test("has no more whole entries than its header's bytes") func bytes() throws {
        let entry = try Sample.entry(0)
        for (bodyBytes, isRefused) in [(entry.bytes.count, false), (entry.bytes.count - 1, true)] {
            let header = Sample.header(delay: 0, entryCount: 1, bodyBytes: UInt32(bodyBytes))
            let block = CompactBlock(
                height: header.height,
                parent: header.previous,
                header: try Sample.compact(header),
                salt: 1,
                identifiers: [],
                prefilled: [CompactBlock.Prefilled(index: 0, entry: entry)]
            )
            let found = failure(.compactBlock, Message.compactBlock(block).encodedBody())
            #expect((found != nil) == isRefused)
        }
    }

    @Test("is within its limit when it is as long as can be") func longest() throws {
        let long = Limits.prefilledByteCount - 3 - 2 * Entry.envelopeByteCount - 32_500
        let header = Header(
            height: Height(.max),
            entryCount: 2_048,
            bodyBytes: 500_000,
            previous: .zero,
            entriesRoot: .zero,
            historyRoot: .zero,
            chainWork: Work(rawValue: 1),
            time: Sample.now.adding(milliseconds: 1 << 48),
            idle: 0,
            bits: 0,
            nonce: .max
        )
        let block = CompactBlock(
            height: header.height,
            parent: .zero,
            header: try Sample.compact(header),
            salt: .max,
            identifiers: Array(repeating: ShortID(truncating: .max), count: 2_046),
            prefilled: [
                CompactBlock.Prefilled(
                    index: 2_045,
                    entry: try Sample.entry(1, payloadByteCount: 32_500)
                ),
                CompactBlock.Prefilled(
                    index: 2_047,
                    entry: try Sample.entry(2, payloadByteCount: long)
                ),
            ]
        )
        let body = Message.compactBlock(block).encodedBody()
        #expect(body.count <= Limits.compactBlockByteCount)
        #expect(body.count >= Limits.compactBlockByteCount - 20)
        #expect(try Message.decode(.compactBlock, body) == .compactBlock(block))
    }

    @Test("is asked for 1 to 2,048 of its entries", arguments: [0, 1, 2_047, 2_048, 2_049])
    func request(count: Int) throws {
        var bytes = Sample.digest(1).bytes
        bytes.append(littleEndian: UInt16(count))
        bytes += [UInt8](repeating: 0, count: count)
        guard (1...2_048).contains(count) else {
            #expect(failure(.getBlockEntries, bytes) != nil)
            return
        }
        let message = try Message.decode(.getBlockEntries, bytes)
        #expect(
            message
                == .getBlockEntries(
                    block: Sample.digest(1),
                    indexes: (0..<count).map { UInt16($0) }
                )
        )
        #expect(message.encodedBody() == bytes)
    }

    @Test("is asked for entries at places that a block can have", arguments: [2_047, 2_048])
    func requestedPlace(index: UInt64) throws {
        var bytes = Sample.digest(1).bytes + [1, 0]
        bytes.append(varint: index)
        #expect((failure(.getBlockEntries, bytes) == nil) == (index == 2_047))
        var two = Sample.digest(1).bytes + [2, 0, 0]
        two.append(varint: index - 1)
        #expect((failure(.getBlockEntries, two) == nil) == (index == 2_047))
    }

    @Test("is completed by 1 to 2,048 entries", arguments: [0, 1, 2_049])
    func answer(count: Int) throws {
        var bytes = Sample.digest(1).bytes
        bytes.append(littleEndian: UInt16(count))
        for _ in 0..<min(count, 3) { bytes += try Sample.entry(0).bytes }
        #expect((failure(.blockEntries, bytes) == nil) == (count == 1))
    }

    @Test("is completed by as many bytes as a body has", arguments: [0, 1])
    func answerBytes(surplus: Int) throws {
        let limit = Int(Sample.parameters.maximumBodyBytes)
        let greatest = Int(Sample.parameters.maximumPayloadBytes) + Entry.envelopeByteCount
        var entries: [Entry] = []
        var rest = limit + surplus
        while rest > 0 {
            let size = rest > greatest + 1_000 ? greatest : min(rest, greatest)
            let next = rest - size > 0 && rest - size < 1_000 ? size - 1_000 : size
            let payload = next - Entry.envelopeByteCount
            entries.append(try Sample.entry(0, payloadByteCount: payload))
            rest -= next
        }
        let body = Message.blockEntries(block: .zero, entries).encodedBody()
        #expect(body.count == limit + surplus + 34)
        #expect((failure(.blockEntries, body) == nil) == (surplus == 0))
    }

    @Test("comes unasked where one of two flags says so") func mode() throws {
        for flags in UInt8.min...UInt8.max {
            guard flags > 3 else {
                let mode = Message.relayMode(RelayMode(rawValue: flags))
                #expect(try Message.decode(.relayMode, [flags]) == mode)
                continue
            }
            let unknown = DecodingFailure.unknown(field: "relay mode", found: UInt64(flags))
            #expect(failure(.relayMode, [flags]) == unknown)
        }
    }
}
