import CLevelDB

extension LevelDBStore {
    /// What the library tells about itself.
    public enum Property: Equatable, Sendable {
        /// A table of levels for a person to read: files, MiB, seconds and MiB of compaction.
        case statistics
        /// All tables with their numbers, sizes and ranges, for a person to read.
        case tables
        /// Bytes of memory in use, the block cache included, as a decimal number.
        case memoryUsage
        /// Tables of one level, from 0 to 6, as a decimal number.
        case fileCount(level: Int)

        /// The library's name of the property.
        var name: String {
            switch self {
            case .statistics: "leveldb.stats"
            case .tables: "leveldb.sstables"
            case .memoryUsage: "leveldb.approximate-memory-usage"
            case .fileCount(let level): "leveldb.num-files-at-level\(level)"
            }
        }
    }

    /// The present text of a property, or nil for a level that does not exist.
    public func text(of property: Property) -> String? {
        guard let text = unsafe leveldb_property_value(database.pointer, property.name) else {
            return nil
        }
        defer { unsafe leveldb_free(text) }
        return unsafe String(cString: text)
    }

    /// About how many bytes the tables take on the disk.
    ///
    /// What was written last is still in memory and in the log and does not count.
    public var approximateBytes: UInt64 {
        approximateBytes(from: [], to: [UInt8](repeating: .max, count: 64))
    }

    /// About how many bytes the tables take for the keys in `lower..<upper`.
    public func approximateBytes(from lower: [UInt8], to upper: [UInt8]) -> UInt64 {
        guard lower.lexicographicallyPrecedes(upper) else { return 0 }
        var size: UInt64 = 0
        unsafe lower.withUnsafeBytes { lower in
            unsafe upper.withUnsafeBytes { upper in
                var starts = unsafe [lower.baseAddress?.assumingMemoryBound(to: CChar.self)]
                var limits = unsafe [upper.baseAddress?.assumingMemoryBound(to: CChar.self)]
                unsafe leveldb_approximate_sizes(
                    database.pointer,
                    1,
                    &starts,
                    [lower.count],
                    &limits,
                    [upper.count],
                    &size
                )
            }
        }
        return size
    }

    /// Rewrites the whole store without what was overwritten or deleted.
    ///
    /// It returns when all is rewritten, which takes a while. A failure shows at the next commit.
    public func compact() {
        unsafe leveldb_compact_range(database.pointer, nil, 0, nil, 0)
    }
}
