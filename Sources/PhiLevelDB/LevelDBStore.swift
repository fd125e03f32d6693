import CLevelDB
public import PhiChain
import Synchronization

/// An ordered map of byte strings in a folder on the disk.
///
/// The folder belongs to one store of one process at a time. It is given free when the store and all
/// of its snapshots are gone; that waits for a compaction under way.
public final class LevelDBStore: KeyValueStore {
    /// The folder that holds the store.
    public let path: String
    /// The open database; it keeps its cache, its filter and the claim to the folder.
    let database: SharedHandle
    private let latest: ReadView
    private let verifiesReads: Bool
    private let durableWrite: SharedHandle
    private let lazyWrite: SharedHandle
    /// The failure after which nothing more is written; held while a batch is written.
    private let writeFailure = Mutex<StoreFailure?>(nil)

    /// Opens a store, and creates it and its folder when absent.
    ///
    /// - Parameters:
    ///   - path: The folder; the folder above it must exist.
    ///   - options: Limits of memory and files.
    /// - Throws: `locked` while another store has the folder, `corrupted` for damage that is seen at
    ///   once, `inputOutput` when the disk refuses.
    public init(path: String, options: LevelDBOptions = LevelDBOptions()) throws(StoreFailure) {
        try Folder.create(path)
        let claim = try FolderClaim(path)
        let native = OpenOptions(options)
        var message = LibraryMessage()
        let opened = unsafe leveldb_open(native.pointer, path, &message.text)
        try message.check(folder: path)
        database = unsafe SharedHandle(
            opened,
            keeping: [native.cache, native.filter, claim],
            release: { unsafe leveldb_close($0) }
        )
        latest = ReadView(
            of: database,
            at: nil,
            folder: path,
            verifies: options.verifiesReads
        )
        durableWrite = Self.writeOptions(durable: true)
        lazyWrite = Self.writeOptions(durable: false)
        verifiesReads = options.verifiesReads
        self.path = path
    }

    /// The value stored under a key, or nil.
    public func value(for key: [UInt8]) throws(StoreFailure) -> [UInt8]? {
        try latest.value(for: key)
    }

    /// Visits the pairs whose keys lie in `lower..<upper`, in order or backwards.
    ///
    /// The visit sees the state at its beginning. When a block is damaged the pairs in it are passed
    /// over and the failure is thrown at the end: what was visited must then be thrown away.
    public func scan(
        from lower: [UInt8],
        to upper: [UInt8],
        backwards: Bool,
        _ visit: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) throws(StoreFailure) {
        try latest.scan(from: lower, to: upper, backwards: backwards, visit)
    }

    /// Visits the pairs whose keys lie in `lower..<upper`, in order, without copying the ends of
    /// their values.
    public func scanFronts(
        from lower: [UInt8],
        to upper: [UInt8],
        byteCount: Int,
        _ visit: (_ key: [UInt8], _ front: [UInt8]) -> Bool
    ) throws(StoreFailure) {
        try latest.scanFronts(from: lower, to: upper, byteCount: byteCount, visit)
    }

    /// A frozen view of the present state, which keeps the database open.
    public func snapshot() -> LevelDBSnapshot {
        let database = database
        let frozen = unsafe SharedHandle(
            leveldb_create_snapshot(database.pointer),
            release: { [database] in unsafe leveldb_release_snapshot(database.pointer, $0) }
        )
        return LevelDBSnapshot(
            ReadView(of: database, at: frozen, folder: path, verifies: verifiesReads)
        )
    }

    /// Applies a whole batch, or nothing.
    ///
    /// After a failure the batch is, at the next opening, there as a whole or not at all, and this
    /// store refuses all further batches with the same failure. The library itself would go on
    /// behind the torn record that a full disk leaves in its log, and those later batches could
    /// not be read back. One batch is written at a time, so that none slips in behind a failing one.
    public func commit(_ batch: WriteBatch, durable: Bool) throws(StoreFailure) {
        let native = NativeBatch(batch)
        let result = writeFailure.withLock { failure -> Result<Void, StoreFailure> in
            if let failure { return .failure(failure) }
            do throws(StoreFailure) {
                try write(native, options: durable ? durableWrite : lazyWrite)
                return .success(())
            } catch {
                failure = error
                return .failure(error)
            }
        }
        try result.get()
    }

    private func write(_ batch: borrowing NativeBatch, options: SharedHandle) throws(StoreFailure) {
        var message = LibraryMessage()
        unsafe leveldb_write(database.pointer, options.pointer, batch.pointer, &message.text)
        try message.check(folder: path)
    }

    private static func writeOptions(durable: Bool) -> SharedHandle {
        let options = unsafe SharedHandle(
            leveldb_writeoptions_create(),
            release: { unsafe leveldb_writeoptions_destroy($0) }
        )
        unsafe leveldb_writeoptions_set_sync(options.pointer, durable ? 1 : 0)
        return options
    }
}
