import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

/// A block with entries as it is pushed to peers, each of which may lack other entries.
struct BlockAnnouncement: Sendable {
    private let header: Header
    private let compact: CompactHeader
    private let entries: [Entry]
    private let salt: UInt64
    private let identifiers: [ShortID]
    private var made: [[UInt16]: Message] = [:]

    /// The leaf hashes of the entries, in the order of the block.
    let leaves: [Digest]

    /// An announcement, or nil for a block without entries or where no short id can be computed.
    init?(
        _ header: Header,
        _ entries: [Entry],
        after parent: Header,
        minimumSpacing: UInt32,
        salt: UInt64
    ) {
        let compact = CompactHeader(header, after: parent.time, minimumSpacing: minimumSpacing)
        let leaves = entries.map(\.leaf)
        guard let compact, compact.body != nil,
            let identifiers = try? ShortID.of(leaves, header: header, salt: salt)
        else { return nil }
        self.header = header
        self.compact = compact
        self.entries = entries
        self.leaves = leaves
        self.salt = salt
        self.identifiers = identifiers
    }

    /// The message with some of the entries whole: those that a test picks, up to a number of bytes.
    mutating func message(whole byteLimit: Int, _ lacks: (Digest) -> Bool) -> Message {
        var rest = min(byteLimit, Limits.prefilledByteCount)
        var indexes: [UInt16] = []
        for (index, leaf) in leaves.enumerated() where lacks(leaf) {
            let byteCount = entries[index].bytes.count + 2
            guard byteCount <= rest else { continue }
            rest -= byteCount
            indexes.append(UInt16(index))
        }
        if let message = made[indexes] { return message }
        let whole = Set(indexes)
        let short = identifiers.enumerated().filter { !whole.contains(UInt16($0.offset)) }
        let message = Message.compactBlock(
            CompactBlock(
                height: header.height,
                parent: header.previous,
                header: compact,
                salt: salt,
                identifiers: short.map(\.element),
                prefilled: indexes.map {
                    CompactBlock.Prefilled(index: $0, entry: entries[Int($0)])
                }
            )
        )
        made[indexes] = message
        return message
    }
}
