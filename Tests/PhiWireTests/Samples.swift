import PhiCrypto
import PhiLedger
import PhiWire
import Testing

/// A generator that gives the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

/// Values that many tests of messages need.
enum Sample {
    static let parameters = NetworkParameters.development
    static let chain = digest(0)
    static let now = Timestamp(milliseconds: 1_700_000_000_000)
    static let peer = PeerAddress(version4: 0xcb00_7107, port: 7181)

    static func digest(_ number: UInt64) -> Digest {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: number)
        return SHA256.hash(bytes)
    }

    static func digests(_ count: Int) -> [Digest] {
        (0..<count).map { digest(UInt64($0)) }
    }

    static func address(_ last: Int) -> PeerAddress {
        PeerAddress(version4: 0xcb00_7100 + UInt32(last), port: 7181)
    }

    static func draft(addresses: [PeerAddress] = [peer]) -> NodeRecordDraft {
        NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: now,
            validity: 24 * 3_600_000,
            servesFrom: Height(9),
            addresses: addresses
        )
    }

    static func record(addresses: Int = 1) throws -> NodeRecord {
        let key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
        return try draft(addresses: (1...addresses).map { address($0) })
            .signed(by: key, chain: chain)
    }

    static func hello(_ record: NodeRecord?) -> Hello {
        Hello(
            chain: chain,
            parameters: parameters,
            tip: tip,
            payloadsFrom: Height(9_000),
            envelopesFrom: Height(12),
            minimumDensity: 256,
            observedAddress: peer,
            record: record
        )
    }

    static let tip = TipClaim(
        hash: digest(1),
        height: Height(70_001),
        work: Work(rawValue: 1 << 70)
    )

    static func entry(_ number: UInt64, payloadByteCount: Int = 20) throws -> Entry {
        let key = try SigningKey(seed: [UInt8](repeating: 9, count: 32))
        let draft = EntryDraft(
            kind: .message,
            chain: chain,
            meeting: digest(2),
            author: key.verifyingKey,
            sequence: number,
            previous: number == 0 ? .zero : digest(number),
            anchorHeight: Height(69_000),
            anchorTail: AnchorTail(of: digest(3)),
            authorTime: now,
            payload: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: payloadByteCount)
        )
        let signature = try key.sign(draft.signedMessage)
        return draft.assembled(signature: signature, work: 1, nonce: number)
    }

    static func header(delay: UInt64, entryCount: UInt32 = 0, bodyBytes: UInt32 = 0) -> Header {
        Header(
            height: Height(70_002),
            entryCount: entryCount,
            bodyBytes: bodyBytes,
            previous: digest(1),
            entriesRoot: entryCount == 0 ? MerkleTree.emptyRoot : digest(5),
            historyRoot: digest(6),
            chainWork: Work(rawValue: 1 << 71),
            time: now.adding(milliseconds: UInt64(parameters.minimumSpacing) + delay),
            idle: 0,
            bits: 0x2000_ffff,
            nonce: 0x0123_4567_89ab_cdef
        )
    }

    static func compact(_ header: Header) throws -> CompactHeader {
        try #require(
            CompactHeader(header, after: now, minimumSpacing: parameters.minimumSpacing)
        )
    }

    /// A compact block of so many entries, of which those at some places come whole.
    static func compactBlock(count: UInt16, prefilled: [UInt16]) throws -> CompactBlock {
        let header = header(delay: 9, entryCount: UInt32(count), bodyBytes: 500_000)
        let leaves = digests(Int(count) - prefilled.count)
        return CompactBlock(
            height: header.height,
            parent: header.previous,
            header: try compact(header),
            salt: 0xfedc_ba98_7654_3210,
            identifiers: try ShortID.of(leaves, header: header, salt: 0xfedc_ba98_7654_3210),
            prefilled: try prefilled.map {
                CompactBlock.Prefilled(index: $0, entry: try entry(UInt64($0)))
            }
        )
    }

    /// Ascending leaf hashes.
    static func leaves(_ count: Int, from first: UInt64 = 1_000) -> [Digest] {
        (0..<count).map { digest(first + UInt64($0)) }.sorted()
    }

    /// One message of every type at least.
    static func messages() throws -> [Message] {
        let leaves = leaves(40)
        let sketch = Reconciliation.sketch(of: leaves, logarithm: 2)
        let listings = Reconciliation.answer(to: sketch, with: Array(leaves.dropFirst(3)))
        let batch = HeaderBatch(
            start: Height(70_002),
            parent: digest(1),
            items: [
                try compact(header(delay: 0)),
                try compact(header(delay: 9_000, entryCount: 2, bodyBytes: 700)),
            ]
        )
        return [
            .hello(hello(nil)), .hello(hello(try record())),
            .hello(hello(try record(addresses: 4))),
            .ping(Ping(nonce: 77, tip: tip)), .pong(nonce: 77), .record(try record(addresses: 2)),
            .getPeers(maximum: 32), .peers([]), .peers([try record(), try record(addresses: 3)]),
            .getHeaders(digests(3)), .headers(batch), .getBlocks(digests(2)),
            .block(hash: digest(1), body: [1, 2, 3]), .missingBlocks(digests(1)),
            .compactBlock(try compactBlock(count: 3, prefilled: [1])),
            .compactBlock(try compactBlock(count: 2, prefilled: [0, 1])),
            .compactBlock(try compactBlock(count: 400, prefilled: [2, 300])),
            .getBlockEntries(block: digest(1), indexes: [0, 1, 300, 2_047]),
            .blockEntries(block: digest(1), [try entry(0), try entry(1)]),
            .relayMode([]), .relayMode(.push), .relayMode([.push, .quiet]),
            .inventory(digests(4)), .getEntries(digests(3)),
            .entries([try entry(0), try entry(1)]), .missingEntries(digests(2)), .sketch(sketch),
        ] + listings.map { .buckets($0) }
    }
}

extension Message {
    /// What a body says on the network of the samples.
    static func decode(_ type: MessageType, _ body: [UInt8]) throws(WireFailure) -> Message {
        try decode(type: type.rawValue, body: body, parameters: Sample.parameters)
    }
}
