public import PhiCrypto
public import PhiLedger

/// An author in one meeting; `open` entries live under the zero meeting.
public struct AuthorSlot: Hashable, Comparable, Sendable {
    /// The meeting's id, or zero.
    public let meeting: Digest
    /// The author's key.
    public let author: VerifyingKey

    /// A slot of given meeting and author.
    public init(meeting: Digest, author: VerifyingKey) {
        self.meeting = meeting
        self.author = author
    }

    /// The slot that an entry has a place in.
    public init(of entry: Entry) {
        self.init(meeting: entry.meeting, author: entry.author)
    }

    /// Orders by meeting, then by author.
    public static func < (left: AuthorSlot, right: AuthorSlot) -> Bool {
        left.meeting == right.meeting ? left.author < right.author : left.meeting < right.meeting
    }
}

/// What consensus remembers of an author in a meeting.
public struct AuthorState: Hashable, Sendable {
    /// Whether an author was let in or shut out.
    public enum Standing: UInt8, CaseIterable, Sendable {
        /// Neither admitted nor revoked.
        case none = 0
        /// Admitted by link or by name.
        case member = 1
        /// Shut out for good.
        case revoked = 2
    }

    /// Whether the author was let in or shut out.
    public var standing: Standing
    /// Whether the author approved the minutes.
    public var hasApproved: Bool
    /// The sequence number that the author's next entry must have.
    public var nextSequence: UInt64
    /// The id of the author's last entry; zero before the first.
    public var lastID: Digest
    /// The key to which secrets of later epochs are sealed; zero wants none.
    public var agreementKey: AgreementPublicKey

    /// An author of whom nothing is known.
    public init() {
        standing = .none
        hasApproved = false
        nextSequence = 0
        lastID = .zero
        agreementKey = .zero
    }

    /// The record as a store keeps it.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = [standing.rawValue, hasApproved ? 1 : 0]
        bytes.append(littleEndian: nextSequence)
        lastID.append(to: &bytes)
        if !agreementKey.isZero { agreementKey.append(to: &bytes) }
        return bytes
    }

    /// Reads a record of a store.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let byte = try reader.integer("standing", as: UInt8.self)
        guard let standing = Standing(rawValue: byte) else {
            throw .unknown(field: "standing", found: UInt64(byte))
        }
        self.standing = standing
        hasApproved = try reader.integer("approved", atMost: UInt8(1)) == 1
        nextSequence = try reader.integer("next sequence")
        lastID = try reader.fixed("last id")
        agreementKey = reader.remaining == 0 ? .zero : try reader.fixed("agreement_key")
        try reader.finish()
    }
}
