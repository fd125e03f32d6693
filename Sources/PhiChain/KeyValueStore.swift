/// Reads from an ordered map of byte strings.
///
/// Keys are ordered as unsigned bytes, a prefix before its extensions.
public protocol KeyValueReader: Sendable {
    /// The value stored under a key, or nil.
    func value(for key: [UInt8]) throws(StoreFailure) -> [UInt8]?

    /// Visits the pairs whose keys lie in `lower..<upper`, in order or backwards.
    ///
    /// - Parameters:
    ///   - lower: The first key that may be visited.
    ///   - upper: The key before which the visit ends.
    ///   - backwards: Whether the greatest key comes first.
    ///   - visit: Gets key and value, and says whether to go on.
    /// - Throws: Why the store could not be read; what was visited before is then void.
    func scan(
        from lower: [UInt8],
        to upper: [UInt8],
        backwards: Bool,
        _ visit: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) throws(StoreFailure)

    /// Visits the pairs whose keys lie in `lower..<upper`, in order, without the ends of their values.
    ///
    /// - Parameters:
    ///   - lower: The first key that may be visited.
    ///   - upper: The key before which the visit ends.
    ///   - byteCount: How many bytes at the front of each value the visit gets at most.
    ///   - visit: Gets key and front of the value, and says whether to go on.
    /// - Throws: Why the store could not be read; what was visited before is then void.
    func scanFronts(
        from lower: [UInt8],
        to upper: [UInt8],
        byteCount: Int,
        _ visit: (_ key: [UInt8], _ front: [UInt8]) -> Bool
    ) throws(StoreFailure)
}

extension KeyValueReader {
    /// Visits pairs without the ends of their values, as a store does that has no better way.
    public func scanFronts(
        from lower: [UInt8],
        to upper: [UInt8],
        byteCount: Int,
        _ visit: (_ key: [UInt8], _ front: [UInt8]) -> Bool
    ) throws(StoreFailure) {
        try scan(from: lower, to: upper, backwards: false) { key, value in
            visit(key, Array(value.prefix(byteCount)))
        }
    }
}

/// An ordered map of byte strings that changes by whole batches only.
public protocol KeyValueStore: KeyValueReader {
    /// The type of a frozen view.
    associatedtype Snapshot: KeyValueReader

    /// A frozen view of the present state, for readers beside the engine.
    func snapshot() -> Snapshot

    /// Applies a whole batch, or nothing.
    ///
    /// - Parameters:
    ///   - batch: The changes; the last one to a key wins.
    ///   - durable: Whether the change must survive a loss of power before the call returns.
    /// - Throws: Why the batch was not written.
    func commit(_ batch: WriteBatch, durable: Bool) throws(StoreFailure)
}

/// Changes that reach the store together or not at all.
public struct WriteBatch: Equatable, Sendable {
    /// One change to one key.
    public struct Change: Equatable, Sendable {
        /// The key that changes.
        public let key: [UInt8]
        /// The new value, or nil to delete.
        public let value: [UInt8]?
    }

    /// The changes in the order in which they were made.
    public private(set) var changes: [Change] = []

    /// A batch that changes nothing.
    public init() {}

    /// Whether the batch changes nothing.
    public var isEmpty: Bool { changes.isEmpty }

    /// Stores a value under a key.
    public mutating func put(_ value: [UInt8], for key: [UInt8]) {
        changes.append(Change(key: key, value: value))
    }

    /// Deletes a key; absent keys are no error.
    public mutating func delete(_ key: [UInt8]) {
        changes.append(Change(key: key, value: nil))
    }

    /// Adds all changes of another batch after those of this one.
    public mutating func append(_ other: WriteBatch) {
        changes.append(contentsOf: other.changes)
    }
}

/// Why the store could not do what was asked.
public enum StoreFailure: Error, Equatable, Sendable {
    /// Another process holds the data folder.
    case locked(path: String)
    /// A table or log of the store is damaged.
    case corrupted(detail: String)
    /// The disk refused a read or write: it is full, gone or failing.
    case inputOutput(detail: String)
    /// A record does not have the form that the schema gives it.
    case malformedRecord(kind: String)
    /// The data was written by a newer program.
    case newerFormat(found: UInt32, supported: UInt32)
    /// The data belongs to another network.
    case otherNetwork(found: String, expected: String)
}
