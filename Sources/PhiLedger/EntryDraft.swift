public import PhiCrypto

/// All that an author chooses about an entry, before it is signed and stamped.
public struct EntryDraft: Hashable, Sendable {
    /// What the entry is.
    public var kind: EntryKind
    /// The hash of the network's genesis block.
    public var chain: Digest
    /// The meeting's id; zero in an `open`.
    public var meeting: Digest
    /// The key that will sign.
    public var author: VerifyingKey
    /// The number among the author's entries in the meeting.
    public var sequence: UInt64
    /// The id of the author's entry before; zero for the first.
    public var previous: Digest
    /// The height of a block that the author has seen.
    public var anchorHeight: Height
    /// The end of that block's hash.
    public var anchorTail: AnchorTail
    /// The author's clock.
    public var authorTime: Timestamp
    /// The payload, salt first: 16 bytes at least.
    public var payload: [UInt8]

    /// A draft with every field given.
    public init(
        kind: EntryKind,
        chain: Digest,
        meeting: Digest,
        author: VerifyingKey,
        sequence: UInt64,
        previous: Digest,
        anchorHeight: Height,
        anchorTail: AnchorTail,
        authorTime: Timestamp,
        payload: [UInt8]
    ) {
        self.kind = kind
        self.chain = chain
        self.meeting = meeting
        self.author = author
        self.sequence = sequence
        self.previous = previous
        self.anchorHeight = anchorHeight
        self.anchorTail = anchorTail
        self.authorTime = authorTime
        self.payload = payload
    }

    /// The 204 bytes that name the entry.
    public var identifiedBytes: [UInt8] {
        precondition(payload.count >= Entry.saltByteCount, "a payload starts with its salt")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Entry.envelopeByteCount + payload.count)
        bytes.append(littleEndian: Entry.version)
        bytes.append(littleEndian: kind.rawValue)
        bytes.append(littleEndian: UInt32(payload.count))
        chain.append(to: &bytes)
        meeting.append(to: &bytes)
        author.append(to: &bytes)
        bytes.append(littleEndian: sequence)
        previous.append(to: &bytes)
        bytes.append(littleEndian: anchorHeight.rawValue)
        anchorTail.append(to: &bytes)
        bytes.append(littleEndian: authorTime.milliseconds)
        SHA256.hash(payload, in: 0..<payload.count, prefixedBy: Domain.payload).append(to: &bytes)
        return bytes
    }

    /// The name that the entry will have.
    public var id: Digest {
        SHA256.hash(
            identifiedBytes,
            in: 0..<Entry.identifiedByteCount,
            prefixedBy: Domain.entryID
        )
    }

    /// What the author signs.
    public var signedMessage: [UInt8] { Domain.entrySignature + id.bytes }

    /// The entry with a signature and a stamp.
    public func assembled(signature: Signature, work: UInt64, nonce: UInt64) -> Entry {
        var bytes = identifiedBytes
        signature.append(to: &bytes)
        bytes.append(littleEndian: work)
        bytes.append(littleEndian: nonce)
        bytes.append(contentsOf: payload)
        return Entry(assembled: bytes)
    }
}

extension Entry {
    /// The same entry with another stamp; id and signature stay.
    public func restamped(work: UInt64, nonce: UInt64) -> Entry {
        var changed = Array(bytes[..<268])
        changed.append(littleEndian: work)
        changed.append(littleEndian: nonce)
        changed.append(contentsOf: bytes[Self.envelopeByteCount...])
        return Entry(assembled: changed)
    }
}
