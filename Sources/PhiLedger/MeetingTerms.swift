public import PhiCrypto

/// Who can read a meeting's contents.
public enum ReadingPolicy: UInt8, CaseIterable, Sendable {
    /// Everybody.
    case everyone = 0
    /// Whoever holds the meeting's secret.
    case secretHolders = 1

    /// The policy's name in documents and commands.
    public var name: String { self == .everyone ? "public" : "private" }
}

/// Who can write in a meeting.
public enum WritingPolicy: UInt8, CaseIterable, Sendable {
    /// Every key.
    case anyone = 0
    /// Keys that a holder of the link admitted.
    case link = 1
    /// Keys that the host names.
    case named = 2

    /// The policy's name in documents and commands.
    public var name: String {
        switch self {
        case .anyone: "anyone"
        case .link: "link"
        case .named: "named"
        }
    }
}

/// The payload of an `open`: the terms of a meeting.
public struct MeetingTerms: Hashable, Sendable {
    /// Bytes of a title at most, sealed or not.
    public static let titleByteLimit: UInt16 = 256

    /// The salt that hides the payload's hash.
    public let salt: [UInt8]
    /// Who can read.
    public let reading: ReadingPolicy
    /// Who can write.
    public let writing: WritingPolicy
    /// The key whose signature admits authors; zero unless writing is by link.
    public let linkKey: VerifyingKey
    /// The hash that binds all readers to one secret; zero unless private.
    public let readCheck: Digest
    /// Blocks after which the meeting closes by itself; 0 is never.
    public let lifetime: UInt32
    /// The title: UTF-8, or sealed bytes when private.
    ///
    /// Consensus never looks inside.
    public let title: [UInt8]

    /// Terms with every field given.
    public init(
        salt: [UInt8],
        reading: ReadingPolicy,
        writing: WritingPolicy,
        linkKey: VerifyingKey,
        readCheck: Digest,
        lifetime: UInt32,
        title: [UInt8]
    ) {
        self.salt = salt
        self.reading = reading
        self.writing = writing
        self.linkKey = linkKey
        self.readCheck = readCheck
        self.lifetime = lifetime
        self.title = title
    }

    /// Reads the whole payload of an `open`.
    public init(decoding payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        salt = try reader.take(Entry.saltByteCount, "salt")
        let readingByte = try reader.integer("reading", as: UInt8.self)
        guard let reading = ReadingPolicy(rawValue: readingByte) else {
            throw .unknown(field: "reading", found: UInt64(readingByte))
        }
        let writingByte = try reader.integer("writing", as: UInt8.self)
        guard let writing = WritingPolicy(rawValue: writingByte) else {
            throw .unknown(field: "writing", found: UInt64(writingByte))
        }
        self.reading = reading
        self.writing = writing
        linkKey = try reader.fixed("link_key")
        guard writing == .link || linkKey.isZero else { throw .notZero(field: "link_key") }
        readCheck = try reader.fixed("read_check")
        guard reading == .secretHolders || readCheck.isZero else {
            throw .notZero(field: "read_check")
        }
        lifetime = try reader.integer("lifetime")
        let count = try reader.integer("title length", atMost: Self.titleByteLimit)
        title = try reader.take(Int(count), "title")
        try reader.finish()
    }

    /// The payload.
    public var encoded: [UInt8] {
        var bytes = salt
        bytes.append(reading.rawValue)
        bytes.append(writing.rawValue)
        linkKey.append(to: &bytes)
        readCheck.append(to: &bytes)
        bytes.append(littleEndian: lifetime)
        bytes.append(littleEndian: UInt16(title.count))
        return bytes + title
    }
}
