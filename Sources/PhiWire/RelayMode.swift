import PhiLedger

/// What a peer wants to be sent unasked; without a word about it nothing of this is set.
public struct RelayMode: OptionSet, Hashable, Sendable {
    /// The flags as they stand on the wire.
    public let rawValue: UInt8

    /// New blocks come as compact blocks, before their entries were judged.
    public static let push = RelayMode(rawValue: 1)
    /// No entries and no node records on this connection.
    public static let quiet = RelayMode(rawValue: 2)
    /// All flags that have a meaning.
    public static let known: RelayMode = [.push, .quiet]

    /// The mode with these flags.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        rawValue = try reader.integer("relay mode")
        guard Self.known.isSuperset(of: self) else {
            throw .unknown(field: "relay mode", found: UInt64(rawValue))
        }
    }
}
