/// How much memory and how many files a store may use.
///
/// The defaults suit a ledger of signed entries, which hardly compress: tables are therefore
/// written as they are. LevelDB moves a value that it finds absurd to the nearest sane one.
public struct LevelDBOptions: Equatable, Sendable {
    /// Bytes gathered in memory, and in the log, before they become a table.
    ///
    /// Opening replays a log of up to this size.
    public var writeBufferBytes = 16 << 20
    /// Bytes after which a new table is begun.
    public var tableBytes = 32 << 20
    /// Bytes of read blocks kept in memory, for tables that are not mapped.
    public var blockCacheBytes = 64 << 20
    /// Bits per key of the filter that spares a read for an absent key.
    public var filterBitsPerKey: Int32 = 10
    /// Tables kept open at once; the other descriptors belong to the peers.
    public var openFileLimit: Int32 = 512
    /// Whether each read block is compared with its checksum.
    ///
    /// Without it a damaged table may answer with wrong bytes.
    public var verifiesReads = true

    /// The recommended values.
    public init() {}
}
