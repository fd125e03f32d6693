public import PhiCrypto

/// What consensus fixes about an ended meeting: how many entries it has, and their root.
public struct MinutesDigest: Hashable, Sendable {
    /// The entries, `open` and `close` included.
    public let count: UInt64
    /// The RFC 6962 root over their envelopes in chain order.
    public let root: Digest

    /// A digest with both fields given.
    public init(count: UInt64, root: Digest) {
        self.count = count
        self.root = root
    }
}

/// The payload of an `approve`: a member signs the minutes.
public struct Approval: Hashable, Sendable {
    /// The salt that hides the payload's hash.
    public let salt: [UInt8]
    /// The id of the `close`; zero when the lifetime ended the meeting.
    public let close: Digest
    /// The minutes that the member signs.
    public let minutes: MinutesDigest

    /// An approval with every field given.
    public init(salt: [UInt8], close: Digest, minutes: MinutesDigest) {
        self.salt = salt
        self.close = close
        self.minutes = minutes
    }

    /// Reads the whole payload of an `approve`.
    public init(decoding payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        salt = try reader.take(Entry.saltByteCount, "salt")
        close = try reader.fixed("close")
        let count = try reader.integer("count", as: UInt64.self)
        minutes = MinutesDigest(count: count, root: try reader.fixed("root"))
        try reader.finish()
    }

    /// The payload.
    public var encoded: [UInt8] {
        var bytes = salt
        close.append(to: &bytes)
        bytes.append(littleEndian: minutes.count)
        minutes.root.append(to: &bytes)
        return bytes
    }
}
