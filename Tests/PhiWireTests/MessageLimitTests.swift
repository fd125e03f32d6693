import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A list in a message") struct MessageLimitTests {
    /// A list of hashes: its type, the bytes of its count, and its limit.
    struct List: CustomTestStringConvertible, Sendable {
        let type: MessageType
        let width: Int
        let limit: Int
        var testDescription: String { type.name }
    }

    static let lists = [
        List(type: .getHeaders, width: 1, limit: 64),
        List(type: .getBlocks, width: 1, limit: 16),
        List(type: .missingBlocks, width: 1, limit: 16),
        List(type: .inventory, width: 2, limit: 1_000),
        List(type: .getEntries, width: 2, limit: 256),
        List(type: .missingEntries, width: 2, limit: 256),
    ]

    private func body(_ list: List, count: Int) -> [UInt8] {
        let count16 = UInt16(count)
        var bytes = [UInt8(count16 & 0xff), UInt8(count16 >> 8)]
        if list.width == 1 { bytes.removeLast() }
        for digest in Sample.digests(count) { digest.append(to: &bytes) }
        return bytes
    }

    @Test("may be full", arguments: lists) func full(list: List) throws {
        for count in [1, list.limit - 1, list.limit] {
            let bytes = body(list, count: count)
            #expect(try Message.decode(list.type, bytes).encodedBody() == bytes)
        }
        #expect(body(list, count: list.limit).count == list.type.bodyLimit)
    }

    @Test("is refused when it is empty", arguments: lists) func empty(list: List) {
        #expect(throws: WireFailure.self) { try Message.decode(list.type, body(list, count: 0)) }
    }

    @Test("is refused when its count is one too great", arguments: lists)
    func over(list: List) throws {
        var bytes = body(list, count: list.limit + 1)
        #expect(throws: WireFailure.self) { try Message.decode(list.type, bytes) }
        bytes.removeLast(32)
        let failure = #expect(throws: WireFailure.self) { try Message.decode(list.type, bytes) }
        guard case .decoding(list.type, .overLimit(_, let limit, let found)) = failure else {
            Issue.record("the count itself is refused: \(String(describing: failure))")
            return
        }
        #expect(limit == UInt64(list.limit))
        #expect(found == limit + 1)
    }

    @Test("of wanted peers has a maximum of 1 to 32") func peerMaximum() throws {
        for maximum: UInt8 in [1, 31, 32] {
            #expect(try Message.decode(.getPeers, [maximum]) == .getPeers(maximum: maximum))
        }
        for maximum: UInt8 in [0, 33, 255] {
            #expect(throws: WireFailure.self) { try Message.decode(.getPeers, [maximum]) }
        }
    }

    @Test("of peers has 32 records at most") func peers() throws {
        let record = try Sample.record(addresses: 4)
        let full = Message.peers(Array(repeating: record, count: 32))
        #expect(full.encodedBody().count == MessageType.peers.bodyLimit)
        #expect(try Message.decode(.peers, full.encodedBody()) == full)
        let small = try Sample.record().encoded
        let item: [UInt8] = [UInt8(small.count), 0] + small
        let over: [UInt8] = [33] + (0..<33).flatMap { _ in item }
        #expect(
            throws: WireFailure.decoding(
                type: .peers,
                .overLimit(field: "record count", limit: 32, found: 33)
            )
        ) { try Message.decode(.peers, over) }
    }

    @Test("of peers has records whose length is that of a record")
    func recordLength() throws {
        let record = try Sample.record(addresses: 4).encoded
        for (length, change) in [(263, 1), (263, -1), (206, -1), (0, 0)] {
            var item: [UInt8] = [1]
            item.append(littleEndian: UInt16(length + change))
            item += record + [0]
            item = Array(item.prefix(3 + length + change))
            #expect(throws: WireFailure.self) { try Message.decode(.peers, item) }
        }
    }

    @Test("of entries has 1 to 256") func entries() throws {
        let entry = try Sample.entry(0)
        for count in [1, 255, 256] {
            let message = Message.entries(Array(repeating: entry, count: count))
            #expect(try Message.decode(.entries, message.encodedBody()) == message)
        }
        for count in [0, 257] {
            var bytes: [UInt8] = []
            bytes.append(littleEndian: UInt16(count))
            for _ in 0..<count { bytes += entry.bytes }
            #expect(throws: WireFailure.self) { try Message.decode(.entries, bytes) }
        }
    }

    @Test("of entries has entries whose payload the network allows") func payloads() throws {
        let limit = Int(Sample.parameters.maximumPayloadBytes)
        let full = Message.entries([try Sample.entry(0, payloadByteCount: limit)])
        #expect(try Message.decode(.entries, full.encodedBody()) == full)
        let over = Message.entries([try Sample.entry(0, payloadByteCount: limit + 1)])
        #expect(throws: WireFailure.self) { try Message.decode(.entries, over.encodedBody()) }
    }

    @Test("of a block's bytes is as long as the network allows at most") func block() throws {
        let limit = Int(Sample.parameters.maximumBodyBytes)
        let full = Message.block(hash: .zero, body: [UInt8](repeating: 1, count: limit))
        #expect(try Message.decode(.block, full.encodedBody()) == full)
        let over = Message.block(hash: .zero, body: [UInt8](repeating: 1, count: limit + 1))
        #expect(
            throws: WireFailure.decoding(
                type: .block,
                .overLimit(
                    field: "block body",
                    limit: UInt64(limit),
                    found: UInt64(limit + 1)
                )
            )
        ) { try Message.decode(.block, over.encodedBody()) }
    }

    @Test("of a block's bytes fits a frame on every possible network") func greatestBlock() {
        var parameters = Sample.parameters
        parameters.maximumBodyBytes = UInt32(Limits.blockBodyByteCount)
        #expect(throws: Never.self) { try parameters.validate() }
        parameters.maximumBodyBytes += 1
        #expect(throws: ParametersFailure.self) { try parameters.validate() }
    }
}
