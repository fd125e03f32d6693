public import PhiChain
import Synchronization

/// An ordered map in memory, for tests of what stands on a store.
public final class MemoryStore: KeyValueStore {
    private let contents = Mutex<[Key: [UInt8]]>([:])

    /// A map with nothing in it.
    public init() {}

    /// Bytes that are hashed at once, where an array hashes one after another.
    fileprivate struct Key: Hashable {
        let bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func hash(into hasher: inout Hasher) {
            unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        }
    }

    /// A frozen copy of a map.
    public struct Snapshot: KeyValueReader {
        fileprivate let contents: [Key: [UInt8]]

        /// The value that was stored under a key when the copy was made.
        public func value(for key: [UInt8]) -> [UInt8]? { contents[Key(key)] }

        /// The keys whose values another copy does not have, or has others for, in order.
        public func differences(from other: Snapshot) -> [[UInt8]] {
            let here = contents.filter { other.contents[$0.key] != $0.value }.keys
            let there = other.contents.keys.filter { contents[$0] == nil }
            return (here.map(\.bytes) + there.map(\.bytes))
                .sorted { $0.lexicographicallyPrecedes($1) }
        }

        /// Visits the pairs of the copy in a range of keys.
        public func scan(
            from lower: [UInt8],
            to upper: [UInt8],
            backwards: Bool,
            _ visit: (_ key: [UInt8], _ value: [UInt8]) -> Bool
        ) {
            let keys = contents.keys.map(\.bytes)
                .filter {
                    !$0.lexicographicallyPrecedes(lower) && $0.lexicographicallyPrecedes(upper)
                }
                .sorted { $0.lexicographicallyPrecedes($1) }
            for key in backwards ? keys.reversed() : keys {
                guard let value = contents[Key(key)], visit(key, value) else { return }
            }
        }
    }

    /// Everything in the map, in key order.
    public var pairs: [(key: [UInt8], value: [UInt8])] {
        contents.withLock { $0 }.map { (key: $0.key.bytes, value: $0.value) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }

    /// A frozen copy of the present contents.
    public func snapshot() -> Snapshot { Snapshot(contents: contents.withLock { $0 }) }

    /// The value stored under a key, or nil.
    public func value(for key: [UInt8]) -> [UInt8]? { contents.withLock { $0[Key(key)] } }

    /// Visits the pairs in a range of keys.
    public func scan(
        from lower: [UInt8],
        to upper: [UInt8],
        backwards: Bool,
        _ visit: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) {
        snapshot().scan(from: lower, to: upper, backwards: backwards, visit)
    }

    /// Applies a whole batch; memory is never durable.
    public func commit(_ batch: WriteBatch, durable: Bool) {
        contents.withLock { map in
            for change in batch.changes { map[Key(change.key)] = change.value }
        }
    }
}
