/// How much memory and how many files a store may use.
///
/// The defaults suit a ledger of signed entries, which hardly compress: tables are therefore
/// written as they are. LevelDB moves a value that it finds absurd to the nearest sane one.
public struct LevelDBOptions: Equatable, Sendable {
    /// Bytes gathered in memory, and in the log, before they become a table.
    ///
    /// Opening replays a log of up to this size.
    public var writeBufferBytes = 32 << 20
    /// Bytes after which a new table is begun.
    ///
    /// Small beside the buffer. A full buffer has keys of all kinds, so its table overlaps those of
    /// the level below: where they are more than ten tables LevelDB waits for four buffers and
    /// merges them at once. And tables of entries, whose keys only grow, then move down as they
    /// are, while a large one that ends in other records is merged again at each level.
    public var tableBytes = 4 << 20
    /// Bytes of read blocks kept in memory, for tables that are not mapped.
    public var blockCacheBytes = 64 << 20
    /// Bits per key of the filter that spares a read for an absent key.
    public var filterBitsPerKey: Int32 = 10
    /// Tables kept open at once, each with its index and filter, about 60 KB.
    ///
    /// LevelDB maps up to a thousand tables into memory and closes their descriptors, which belong
    /// to the peers. A look-up in another table of a store past 4 GB reads its index again.
    public var openFileLimit: Int32 = 1_000
    /// Whether each read block is compared with its checksum.
    ///
    /// Without it a damaged table may answer with wrong bytes.
    public var verifiesReads = true

    /// The recommended values.
    public init() {}
}
