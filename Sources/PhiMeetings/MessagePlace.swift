public import PhiCrypto
public import PhiLedger

/// Where an entry stands: no other may have the same place, so keys can be bound to it.
public struct MessagePlace: Hashable, Sendable {
    /// The meeting; zero for an `open`.
    public let meeting: Digest
    /// The author.
    public let author: VerifyingKey
    /// The number among the author's entries there.
    public let sequence: UInt64

    /// A place of given parts.
    public init(meeting: Digest, author: VerifyingKey, sequence: UInt64) {
        self.meeting = meeting
        self.author = author
        self.sequence = sequence
    }

    /// The place of an entry.
    public init(of entry: Entry) {
        self.init(meeting: entry.meeting, author: entry.author, sequence: entry.sequence)
    }

    var bytes: [UInt8] {
        var bytes = meeting.bytes
        author.append(to: &bytes)
        bytes.append(littleEndian: sequence)
        return bytes
    }
}
