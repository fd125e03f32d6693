/// How much memory the parts of a node use, and how much each may use.
///
/// The numbers are counted as things come and go, with the measured costs of keeping them.
public struct MemoryUse: Equatable, Sendable {
    /// A part of a node that holds what others send.
    public enum Part: String, CaseIterable, Sendable {
        /// Entries that wait for a block.
        case pool
        /// Entries that wait for entries before them.
        case orphans
        /// Bodies that were asked for or wait to be connected.
        case blocks
        /// Headers that are not connected.
        case headers
        /// Leaf hashes that peers know, and those that wait to be told to them.
        case known
        /// Entries that were announced and are not here.
        case wanted
        /// Entries whose signatures are being checked.
        case judgements
        /// Leaf hashes that were refused or recorded.
        case settled
        /// Records of other nodes.
        case records
        /// Frames that wait for peers to take them.
        case sending
        /// Frames of peers that wait for their turn.
        case receiving
    }

    private var parts: [Part: Amount] = [:]

    private struct Amount: Equatable {
        var bytes: Int
        var limit: Int
    }

    /// No use that is known of.
    public init() {}

    /// Bytes that a part uses now.
    public func bytes(of part: Part) -> Int { parts[part]?.bytes ?? 0 }

    /// Bytes that a part may use.
    public func limit(of part: Part) -> Int { parts[part]?.limit ?? 0 }

    /// Bytes that all parts use now.
    public var bytes: Int { Part.allCases.reduce(0) { $0 + bytes(of: $1) } }

    /// Bytes that all parts together may use.
    public var limit: Int { Part.allCases.reduce(0) { $0 + limit(of: $1) } }

    /// The parts that use more than they may.
    public var excess: [Part] { Part.allCases.filter { bytes(of: $0) > limit(of: $0) } }

    /// Sets what a part uses and may use.
    public mutating func set(_ part: Part, bytes: Int, limit: Int) {
        parts[part] = Amount(bytes: bytes, limit: limit)
    }
}
