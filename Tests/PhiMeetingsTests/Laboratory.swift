import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings

/// A small chain whose blocks cost two hashes, for entries and receipts of tests.
struct Laboratory {
    static let startTime: UInt64 = 1_760_000_000_000

    let network: Network
    private(set) var headers: [Header]

    init() throws {
        var parameters = NetworkParameters.development
        parameters.retargets = true
        parameters.expiry = 10
        let draft = Network.genesisDraft(
            parameters: parameters,
            time: Timestamp(milliseconds: Self.startTime),
            target: .powerOfTwo(255)
        )
        let genesis = Self.mined(draft)
        network = try Network(
            name: "laboratory",
            prefix: "phid",
            parameters: parameters,
            genesis: genesis
        )
        headers = [genesis]
    }

    /// Numbers the bytes of a value, so that seeds and salts of tests differ.
    static func bytes(_ number: Int, count: Int = 32) -> [UInt8] {
        let hash = SHA256.hash(Array("laboratory \(number)".utf8)).bytes
        return Array(hash[..<count])
    }

    static func salt(_ number: Int) -> [UInt8] { bytes(number, count: 16) }

    static func key(_ number: Int) throws -> SigningKey {
        try SigningKey(seed: bytes(number))
    }

    static func secret(_ number: Int) throws -> MeetingSecret {
        try required(MeetingSecret(bytes(number)))
    }

    /// The header with the first nonce that meets its target.
    static func mined(_ draft: Header) -> Header {
        var header = draft
        while let target = try? Target(compact: header.bits, limit: .powerOfTwo(255)),
            !target.isMet(by: header.hash)
        {
            header.nonce += 1
        }
        return header
    }

    /// The path from a leaf to the root, computed from the definition.
    static func path(_ index: Int, _ leaves: [Digest]) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let left = Array(leaves[..<split])
        let right = Array(leaves[split...])
        return index < split
            ? path(index, left) + [MerkleTree.root(ofLeaves: right)]
            : path(index - split, right) + [MerkleTree.root(ofLeaves: left)]
    }

    var builder: EntryBuilder { builder(anchor: 0) }

    func builder(anchor: Int) -> EntryBuilder {
        EntryBuilder(
            network: network,
            anchorHeight: headers[anchor].height,
            anchorHash: headers[anchor].hash,
            time: Timestamp(milliseconds: Self.startTime + 5)
        )
    }

    /// The entry with the least stamp that the network takes.
    func stamped(_ entry: SignedEntry) throws -> Entry {
        let work = entry.minimumWork(on: network.parameters)
        let nonce = try required(Stamp.search(id: entry.id, work: work, in: 0..<1 << 20))
        return entry.stamped(work: work, nonce: nonce)
    }

    /// The next block's header, changed before it is mined.
    func child(_ entries: [Entry], change: (inout Header) -> Void = { _ in }) throws -> Header {
        let parent = try required(headers.last)
        let time = parent.time.milliseconds + 1_000
        let target = try Target(compact: parent.bits, limit: .powerOfTwo(255))
        var header = Header(
            height: try required(parent.height.next),
            entryCount: UInt32(entries.count),
            bodyBytes: UInt32(entries.reduce(0) { $0 + $1.bytes.count }),
            previous: parent.hash,
            entriesRoot: MerkleTree.root(ofLeaves: entries.map(\.leaf)),
            historyRoot: MerkleTree.root(ofLeaves: headers.map(\.historyLeaf)),
            chainWork: Work(rawValue: parent.chainWork.rawValue &+ target.work.rawValue),
            time: Timestamp(milliseconds: time),
            idle: parent.idle,
            bits: parent.bits,
            nonce: 0
        )
        change(&header)
        return Self.mined(header)
    }

    mutating func append(_ entries: [Entry] = []) throws {
        headers.append(try child(entries))
    }

    mutating func append(_ header: Header) { headers.append(header) }

    /// The path from a header to the history root of a later one.
    func historyPath(_ height: Int, below later: Int) -> [Digest] {
        Self.path(height, headers[..<later].map(\.historyLeaf))
    }
}

/// The value of an optional that a test needs.
func required<Value: ~Copyable>(_ value: consuming Value?) throws -> Value {
    guard let value = consume value else { throw Missing() }
    return value
}

/// A value that a test needs is not there.
struct Missing: Error {}
