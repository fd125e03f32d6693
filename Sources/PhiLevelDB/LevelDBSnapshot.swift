public import PhiChain

/// A frozen view of a store.
///
/// It stays readable while the store changes and even when the store itself is no longer used: the
/// database closes with the last snapshot. Long-lived snapshots keep old data on the disk.
public final class LevelDBSnapshot: KeyValueReader {
    private let view: ReadView

    init(_ view: ReadView) { self.view = view }

    /// The value that was stored under a key, or nil.
    public func value(for key: [UInt8]) throws(StoreFailure) -> [UInt8]? {
        try view.value(for: key)
    }

    /// Visits the pairs that had keys in `lower..<upper`, in order or backwards.
    public func scan(
        from lower: [UInt8],
        to upper: [UInt8],
        backwards: Bool,
        _ visit: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) throws(StoreFailure) {
        try view.scan(from: lower, to: upper, backwards: backwards, visit)
    }

    /// Visits the pairs whose keys lie in `lower..<upper`, in order, without copying the ends of
    /// their values.
    public func scanFronts(
        from lower: [UInt8],
        to upper: [UInt8],
        byteCount: Int,
        _ visit: (_ key: [UInt8], _ front: [UInt8]) -> Bool
    ) throws(StoreFailure) {
        try view.scanFronts(from: lower, to: upper, byteCount: byteCount, visit)
    }
}
