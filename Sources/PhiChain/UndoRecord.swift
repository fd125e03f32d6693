import PhiConsensus
import PhiCrypto
import PhiLedger

/// What a block changed that its own entries do not tell: kept to take the block back.
///
/// An author's sequence number and last id follow from the entry that changed them, so only the
/// rarer changes are written down.
struct UndoRecord: Equatable, Sendable {
    /// Meetings as they were before the block; nil where the block opened them.
    var meetings: [(id: Digest, state: MeetingState?)] = []
    /// Authors whose standing, approval or agreement key the block changed, as they were.
    var authors: [(slot: AuthorSlot, state: AuthorState?)] = []
    /// Lists of openings as they were.
    var openings: [(author: VerifyingKey, heights: [Height])] = []

    static func == (left: UndoRecord, right: UndoRecord) -> Bool { left.encoded == right.encoded }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(varint: UInt64(meetings.count))
        for (id, state) in meetings {
            id.append(to: &bytes)
            Self.append(state?.encoded, to: &bytes)
        }
        bytes.append(varint: UInt64(authors.count))
        for (slot, state) in authors {
            slot.meeting.append(to: &bytes)
            slot.author.append(to: &bytes)
            Self.append(state?.encoded, to: &bytes)
        }
        bytes.append(varint: UInt64(openings.count))
        for (author, heights) in openings {
            author.append(to: &bytes)
            bytes.append(varint: UInt64(heights.count))
            for height in heights { bytes.append(littleEndian: height.rawValue) }
        }
        return bytes
    }

    init() {}

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        for _ in 0..<(try reader.varint("meetings", atMost: 1 << 20)) {
            let id: Digest = try reader.fixed("meeting")
            let state = try Self.read(from: &reader)
            meetings.append((id, try state.map(MeetingState.init(decoding:))))
        }
        for _ in 0..<(try reader.varint("authors", atMost: 1 << 22)) {
            let slot = AuthorSlot(
                meeting: try reader.fixed("meeting"),
                author: try reader.fixed("author")
            )
            let state = try Self.read(from: &reader)
            authors.append((slot, try state.map(AuthorState.init(decoding:))))
        }
        for _ in 0..<(try reader.varint("openings", atMost: 1 << 20)) {
            let author: VerifyingKey = try reader.fixed("author")
            var heights: [Height] = []
            for _ in 0..<(try reader.varint("heights", atMost: 1 << 10)) {
                heights.append(Height(try reader.integer("height")))
            }
            openings.append((author, heights))
        }
        try reader.finish()
    }

    private static func append(_ record: [UInt8]?, to bytes: inout [UInt8]) {
        bytes.append(varint: UInt64(record?.count ?? 0))
        bytes.append(contentsOf: record ?? [])
    }

    private static func read(from reader: inout ByteReader) throws(DecodingFailure) -> [UInt8]? {
        let count = try reader.varint("record", atMost: 1 << 16)
        return count == 0 ? nil : try reader.take(Int(count), "record")
    }
}
