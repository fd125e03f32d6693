public import PhiCrypto
public import PhiLedger

/// What consensus remembers of a meeting.
public struct MeetingState: Hashable, Sendable {
    /// Members at a time at most, where members are counted.
    public static let memberLimit: UInt32 = 4_096

    /// The author of the `open`.
    public let host: VerifyingKey
    /// Who can read.
    public let reading: ReadingPolicy
    /// Who can write.
    public let writing: WritingPolicy
    /// The key whose signature admits now; zero admits nobody.
    public var linkKey: VerifyingKey
    /// The read check of the present epoch.
    public var readCheck: Digest
    /// Blocks after which the meeting closes by itself; 0 is never.
    public let lifetime: UInt32
    /// The height of the `open`.
    public let openHeight: Height
    /// The height of the `close`, once there is one.
    public var closeHeight: Height?
    /// The id of the `close`; zero while there is none.
    public var close: Digest
    /// Authors that were admitted and not revoked, the host apart.
    public var memberCount: UInt32
    /// The tree over `open` and all entries up to the close.
    public var record: MerkleFrontier

    /// A meeting as its `open` makes it.
    public init(opening entry: ValidEntry, terms: MeetingTerms, at height: Height) {
        host = entry.entry.author
        reading = terms.reading
        writing = terms.writing
        linkKey = terms.linkKey
        readCheck = terms.readCheck
        lifetime = terms.lifetime
        openHeight = height
        closeHeight = nil
        close = .zero
        memberCount = 0
        record = MerkleFrontier()
    }

    /// The last height at which the meeting takes entries; nil while nothing ends it.
    public var lastOpenHeight: UInt64? {
        if let closeHeight { return UInt64(closeHeight.rawValue) }
        return lifetime == 0 ? nil : UInt64(openHeight.rawValue) + UInt64(lifetime)
    }

    /// Whether an entry at a height comes too late.
    public func isClosed(at height: Height) -> Bool {
        if closeHeight != nil { return true }
        guard let last = lastOpenHeight else { return false }
        return UInt64(height.rawValue) > last
    }

    /// What members of an ended meeting sign.
    public var minutes: MinutesDigest {
        MinutesDigest(count: record.count, root: record.root)
    }
}

extension MeetingState {
    /// The record as a store keeps it.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        host.append(to: &bytes)
        bytes.append(reading.rawValue)
        bytes.append(writing.rawValue)
        linkKey.append(to: &bytes)
        readCheck.append(to: &bytes)
        bytes.append(littleEndian: lifetime)
        bytes.append(littleEndian: openHeight.rawValue)
        bytes.append(closeHeight == nil ? 0 : 1)
        bytes.append(littleEndian: closeHeight?.rawValue ?? 0)
        close.append(to: &bytes)
        bytes.append(littleEndian: memberCount)
        return bytes + record.encoded
    }

    /// Reads a record of a store.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        host = try reader.fixed("host")
        let readingByte = try reader.integer("reading", as: UInt8.self)
        let writingByte = try reader.integer("writing", as: UInt8.self)
        guard let reading = ReadingPolicy(rawValue: readingByte) else {
            throw .unknown(field: "reading", found: UInt64(readingByte))
        }
        guard let writing = WritingPolicy(rawValue: writingByte) else {
            throw .unknown(field: "writing", found: UInt64(writingByte))
        }
        self.reading = reading
        self.writing = writing
        linkKey = try reader.fixed("link_key")
        readCheck = try reader.fixed("read_check")
        lifetime = try reader.integer("lifetime")
        openHeight = Height(try reader.integer("open height"))
        let isClosed = try reader.integer("closed", atMost: UInt8(1)) == 1
        let height = Height(try reader.integer("close height"))
        closeHeight = isClosed ? height : nil
        close = try reader.fixed("close")
        memberCount = try reader.integer("member count")
        let rest = try reader.take(reader.remaining, "record")
        do { record = try MerkleFrontier(decoding: rest) } catch {
            throw .notCanonical(field: "record")
        }
    }
}
