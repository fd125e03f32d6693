import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// Somebody who signs entries, and remembers in each meeting which comes next.
///
/// Every maker takes a closure that changes the draft before it is signed, for wrong entries. An
/// entry that was changed does not count as made: the author's next one has the same number. Call
/// `count(_:)` where it should, and `trying(_:)` where an unchanged one should not.
public struct TestAuthor: Sendable {
    /// Changes a draft before it is signed and stamped.
    public typealias Change = (inout EntryDraft) -> Void

    /// Where an author stands in a meeting.
    public struct Position: Hashable, Sendable {
        /// The number that the author's next entry has.
        public var sequence: UInt64 = 0
        /// The id of the author's last entry; zero before the first.
        public var last = Digest.zero
    }

    /// The network of the entries.
    public let network: Network
    /// The author's key pair.
    public let signer: TestKey
    /// The height that entries name as seen.
    public var anchorHeight = Height.genesis
    /// The tail of the block that entries name as seen.
    public var anchorTail: AnchorTail
    /// The author's clock.
    public var clock: Timestamp
    private var positions: [Digest: Position] = [:]
    private var saltCount: UInt64 = 0

    /// An author whose key the name fixes.
    public init(_ name: String, on network: Network) {
        self.network = network
        signer = TestKey(name)
        anchorTail = AnchorTail(of: network.chain)
        clock = network.genesis.time
    }

    /// The author's key.
    public var key: VerifyingKey { signer.verifyingKey }

    /// Where the author stands in a meeting; the zero meeting is that of `open` entries.
    public func position(in meeting: Digest) -> Position { positions[meeting] ?? Position() }

    /// Takes an entry of this author as its last in the meeting.
    public mutating func count(_ entry: Entry) {
        positions[entry.meeting] = Position(sequence: entry.sequence + 1, last: entry.id)
    }

    /// The entry that a maker would give, as if it had not been made.
    public func trying(_ make: (inout TestAuthor) -> Entry) -> Entry {
        var copy = self
        return make(&copy)
    }

    /// Forgets the entries in a meeting.
    public mutating func forget(_ meeting: Digest) { positions[meeting] = nil }

    /// Names a block as seen in all entries from now on.
    public mutating func see(_ block: TestBlock) {
        anchorHeight = block.height
        anchorTail = AnchorTail(of: block.hash)
    }

    /// Sixteen bytes that no other payload of this author starts with.
    public mutating func salt() -> [UInt8] {
        saltCount += 1
        var bytes = key.bytes
        bytes.append(littleEndian: saltCount)
        return Array(SHA256.hash(bytes).bytes.prefix(Entry.saltByteCount))
    }

    /// The next entry in a meeting, with any payload.
    public mutating func make(
        _ kind: EntryKind,
        in meeting: Digest,
        payload: [UInt8],
        _ change: Change? = nil
    ) -> Entry {
        var draft = draft(kind, in: meeting, payload: payload)
        change?(&draft)
        let entry = sealed(draft)
        if change == nil { count(entry) }
        return entry
    }

    /// The next draft in a meeting.
    public func draft(_ kind: EntryKind, in meeting: Digest, payload: [UInt8]) -> EntryDraft {
        let position = position(in: meeting)
        return EntryDraft(
            kind: kind,
            chain: network.chain,
            meeting: meeting,
            author: key,
            sequence: position.sequence,
            previous: position.last,
            anchorHeight: anchorHeight,
            anchorTail: anchorTail,
            authorTime: clock,
            payload: payload
        )
    }

    /// A draft with this author's signature and a stamp.
    ///
    /// - Parameters:
    ///   - draft: The draft.
    ///   - work: The work to declare; nil is the least that the network takes.
    ///   - signature: The signature; nil is the right one.
    ///   - nonce: The stamp's nonce; nil is the least that shows the work.
    /// - Returns: The entry.
    public func sealed(
        _ draft: EntryDraft,
        work: UInt64? = nil,
        signature: Signature? = nil,
        nonce: UInt64? = nil
    ) -> Entry {
        let least = Stamp.minimumWork(
            kind: draft.kind,
            sequence: draft.sequence,
            payloadByteCount: UInt32(draft.payload.count),
            parameters: network.parameters
        )
        let work = work ?? least
        let found = nonce ?? Stamp.search(id: draft.id, work: work, in: 0..<(1 << 40))
        guard let found else { preconditionFailure("some nonce of 2^40 shows the work") }
        return draft.assembled(
            signature: signature ?? signer.sign(draft.signedMessage),
            work: work,
            nonce: found
        )
    }
}
