import PhiCrypto
import PhiLedger
import Testing

@Suite("A block's body") struct BlockBodyTests {
    private let parameters = NetworkParameters.main
    private let entries = [
        SampleEntry.entry(sequence: 0),
        SampleEntry.entry(sequence: 1, payload: [UInt8](repeating: 2, count: 16)),
        SampleEntry.entry(sequence: 2, payload: [UInt8](repeating: 3, count: 500)),
    ]

    private func header(count: UInt32, bytes: UInt32, root: Digest) -> Header {
        Header(
            height: Height(1),
            entryCount: count,
            bodyBytes: bytes,
            previous: .zero,
            entriesRoot: root,
            historyRoot: .zero,
            chainWork: .zero,
            time: .zero,
            idle: 0,
            bits: 0,
            nonce: 0
        )
    }

    private func header(_ bytes: [UInt8], _ leaves: [Digest]) -> Header {
        header(
            count: UInt32(leaves.count),
            bytes: UInt32(bytes.count),
            root: MerkleTree.root(ofLeaves: leaves)
        )
    }

    private func failure(_ bytes: [UInt8], for header: Header) -> BodyFailure? {
        do {
            _ = try BlockBody(decoding: bytes, for: header, parameters: parameters)
            return nil
        } catch { return error }
    }

    @Test("comes back from its bytes", arguments: 0...3) func roundTrip(count: Int) throws {
        let body = BlockBody(Array(entries[..<count]))
        let bytes = body.encoded
        #expect(bytes.count == body.byteCount)
        let header = header(count: UInt32(count), bytes: UInt32(bytes.count), root: body.root)
        let decoded = try BlockBody(decoding: bytes, for: header, parameters: parameters)
        #expect(decoded == body)
        #expect(decoded.encoded == bytes)
        if count == 0 { #expect(body.root == MerkleTree.emptyRoot) }
    }

    @Test("is the one of an independent chain") func vectors() throws {
        for (vectors, parameters) in try ChainVectors.all() {
            let entry = try ChainVectors.bytes(vectors.entry + vectors.payload)
            let decoded = try Entry(
                decoding: entry,
                payloadLimit: parameters.maximumPayloadBytes
            )
            let header = header(entry, [decoded.leaf])
            let body = try BlockBody(decoding: entry, for: header, parameters: parameters)
            #expect(body.entries == [decoded])
        }
    }

    @Test("is refused unread when the header itself is over a limit") func headerOverLimit() {
        for (count, bytes) in [(UInt32(2_049), UInt32(0)), (0, 524_289), (.max, .max)] {
            let header = header(count: count, bytes: bytes, root: .zero)
            let failure = failure([], for: header)
            #expect(failure == .headerOverLimit(entries: count, bytes: bytes))
            #expect(failure?.condemnsHeader == true)
        }
        let atLimit = header(count: 2_048, bytes: 524_288, root: .zero)
        #expect(failure([], for: atLimit) == .byteCount(expected: 524_288, found: 0))
    }

    @Test("is refused at every other length, without blame for the header") func length() {
        let body = BlockBody(entries)
        let bytes = body.encoded
        let header = header(bytes, entries.map(\.leaf))
        for count in bytes.indices {
            let failure = failure(Array(bytes[..<count]), for: header)
            #expect(failure == .byteCount(expected: UInt32(bytes.count), found: count))
            #expect(failure?.condemnsHeader == false)
        }
        #expect(
            failure(bytes + [0], for: header)
                == .byteCount(expected: UInt32(bytes.count), found: bytes.count + 1)
        )
    }

    @Test("is refused when its entries do not fill it exactly") func inside() {
        let bytes = BlockBody(entries).encoded
        let leaves = entries.map(\.leaf)
        let root = MerkleTree.root(ofLeaves: leaves)
        let ends = (1...3).map { BlockBody(Array(entries[..<$0])).byteCount }
        for count in bytes.indices {
            let header = header(count: 3, bytes: UInt32(count), root: root)
            let cut = failure(Array(bytes[..<count]), for: header)
            #expect(cut == .length(index: ends.count { $0 <= count }), "cut to \(count)")
            #expect(cut?.condemnsHeader == false)
        }
        let longer = header(count: 3, bytes: UInt32(bytes.count + 1), root: root)
        #expect(failure(bytes + [0], for: longer) == .length(index: 3))
        let fewer = header(count: 2, bytes: UInt32(bytes.count), root: root)
        #expect(failure(bytes, for: fewer) == .length(index: 2))
        let more = header(count: 4, bytes: UInt32(bytes.count), root: root)
        #expect(failure(bytes, for: more) == .length(index: 3))
        let none = header(count: 0, bytes: UInt32(bytes.count), root: MerkleTree.emptyRoot)
        #expect(failure(bytes, for: none) == .length(index: 0))
    }

    @Test("is refused when a payload length lies, however great") func lyingLength() {
        let header = header(BlockBody(entries).encoded, entries.map(\.leaf))
        for length: UInt32 in [0, 15, 21, 32_769, 1 << 31, .max] {
            var bytes = BlockBody(entries).encoded
            var field: [UInt8] = []
            field.append(littleEndian: length)
            bytes.replaceSubrange(4..<8, with: field)
            #expect(failure(bytes, for: header) != nil)
            #expect(failure(bytes, for: header)?.condemnsHeader == false)
        }
    }

    @Test("is refused in another order, or with an entry twice") func root() {
        let header = header(BlockBody(entries).encoded, entries.map(\.leaf))
        let reversed = BlockBody(entries.reversed()).encoded
        #expect(failure(reversed, for: header) == .root)
        let doubled = [entries[0], entries[1], entries[2], entries[2]]
        #expect(BlockBody(doubled).root != BlockBody(entries).root)
        #expect(BodyFailure.root.condemnsHeader == false)
    }

    @Test("never condemns its header for one changed byte") func oneByte() {
        let original = BlockBody(entries).encoded
        let header = header(original, entries.map(\.leaf))
        for place in original.indices {
            var bytes = original
            bytes[place] ^= 1
            let found = failure(bytes, for: header)
            #expect(found != nil, "byte \(place)")
            #expect(found?.condemnsHeader == false, "byte \(place)")
        }
    }

    @Test("is refused when a payload is not the one that its envelope names") func payload() {
        var bytes = BlockBody(entries).encoded
        let header = header(bytes, entries.map(\.leaf))
        bytes[304 + 284] ^= 1
        #expect(failure(bytes, for: header) == .payload(index: 1))
    }

    @Test("condemns its header when the right body holds a forbidden envelope")
    func forbidden() throws {
        let changes: [(Int, UInt8, DecodingFailure)] = [
            (0, 2, .unknown(field: "entry version", found: 2)),
            (2, 0, .unknown(field: "entry kind", found: 0)),
            (2, 8, .unknown(field: "entry kind", found: 8)),
        ]
        for (place, value, reason) in changes {
            var bytes = BlockBody(entries).encoded
            bytes[304 + place] = value
            let leaves = [
                entries[0].leaf, MerkleTree.leaf(bytes, in: 304..<304 + 284), entries[2].leaf,
            ]
            let found = failure(bytes, for: header(bytes, leaves))
            #expect(found == .forbiddenEntry(index: 1, reason))
            #expect(found?.condemnsHeader == true)
        }
    }

    @Test("condemns its header when the right body holds a payload of a forbidden size")
    func forbiddenSize() {
        for count in [15, 32_769] {
            let payload = [UInt8](repeating: 1, count: count)
            var bytes = SampleEntry.entry(payload: [UInt8](repeating: 1, count: 16)).envelope
            var field: [UInt8] = []
            field.append(littleEndian: UInt32(count))
            bytes.replaceSubrange(4..<8, with: field)
            let leaf = MerkleTree.leaf(bytes)
            bytes += payload
            let found = failure(bytes, for: header(bytes, [leaf]))
            #expect(found?.condemnsHeader == true)
        }
    }
}
