public import PhiChain
import Synchronization

/// An ordered map in memory that fails like a disk when it is told to.
///
/// Batches are written one after another; those after the last durable one are lost when power is,
/// from some point on, as the end of a log is. A torn batch is one that is lost whole, because the
/// log's checksum refuses its rest.
public final class SimulatedDisk: KeyValueStore {
    /// What may go wrong with a disk.
    public struct Condition: Sendable {
        /// Whether every write is refused.
        public var isFull = false
        /// Reads of a million that find a damaged block, which its checksum tells.
        public var damagedReadsPerMillion: UInt64 = 0
        /// Whether the disk says that bytes are safe when they are not.
        public var ignoresFlushes = false

        /// Nothing goes wrong.
        public init() {}
    }

    private let state: Mutex<DiskState>

    /// An empty disk, whose seed fixes which reads fail.
    public init(seed: UInt64) {
        state = Mutex(DiskState(seed: seed))
    }

    private init(_ state: DiskState) {
        self.state = Mutex(state)
    }

    /// An independent disk with the same contents, all of them safe.
    public func copy() -> SimulatedDisk {
        var copy = state.withLock { $0 }
        copy.unsynced = []
        copy.condition = Condition()
        return SimulatedDisk(copy)
    }

    /// What is wrong with the disk now.
    public var condition: Condition {
        get { state.withLock { $0.condition } }
        set { state.withLock { $0.condition = newValue } }
    }

    /// Batches written so far.
    public var writes: Int { state.withLock { $0.writes } }

    /// A sum over all records that follow from the chain, whatever order they were written in.
    public var chainFingerprint: UInt64 { state.withLock { $0.fingerprint } }

    /// Everything on the disk, in key order.
    public var pairs: [(key: [UInt8], value: [UInt8])] {
        state.withLock { state in
            state.keys.compactMap { key in state.contents[key].map { (key: key, value: $0) } }
        }
    }

    /// A frozen copy of the present contents.
    public func snapshot() -> SimulatedDisk { copy() }

    /// The value stored under a key, or nil.
    public func value(for key: [UInt8]) throws(StoreFailure) -> [UInt8]? {
        let (value, isDamaged) = state.withLock { ($0.contents[key], $0.readsDamage()) }
        if isDamaged { throw .corrupted(detail: "a block does not match its checksum") }
        return value
    }

    /// The same contents at this moment, read without faults.
    public var unfailing: SimulatedDisk { condition.damagedReadsPerMillion == 0 ? self : copy() }

    /// The value that is there whatever fails.
    public func record(for key: [UInt8]) -> [UInt8]? { state.withLock { $0.contents[key] } }

    /// The value that would still be there if power failed now.
    public func durableRecord(for key: [UInt8]) -> [UInt8]? {
        state.withLock { state in
            for batch in state.unsynced {
                if let change = batch.first(where: { $0.key == key }) { return change.value }
            }
            return state.contents[key]
        }
    }

    /// Visits the pairs in a range of keys.
    public func scan(
        from lower: [UInt8],
        to upper: [UInt8],
        backwards: Bool,
        _ visit: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) throws(StoreFailure) {
        let (found, isDamaged) = state.withLock { state in
            let first = state.place(of: lower)
            let range = first..<max(first, state.place(of: upper))
            let found = state.keys[range].map { ($0, state.contents[$0] ?? []) }
            return (found, state.readsDamage())
        }
        if isDamaged { throw .corrupted(detail: "a block does not match its checksum") }
        if backwards {
            for (key, value) in found.reversed() where !visit(key, value) { return }
        } else {
            for (key, value) in found where !visit(key, value) { return }
        }
    }

    /// Applies a whole batch, or nothing.
    public func commit(_ batch: WriteBatch, durable: Bool) throws(StoreFailure) {
        let isFull = state.withLock { state in
            guard !state.condition.isFull else { return true }
            state.apply(batch, isSafe: durable && !state.condition.ignoresFlushes)
            return false
        }
        if isFull { throw .inputOutput(detail: "no space is left on the device") }
    }

    /// Power fails: of the batches that are not safe, the first so many stay.
    ///
    /// - Parameter choose: Gets how many could be lost, and says how many of them stay.
    /// - Returns: How many batches were lost.
    public func losePower(_ choose: (Int) -> Int) -> Int {
        state.withLock { state in
            let kept = min(state.unsynced.count, max(0, choose(state.unsynced.count)))
            let lost = state.unsynced.count - kept
            for _ in 0..<lost { state.takeBack() }
            state.unsynced = []
            return lost
        }
    }
}
