import CLevelDB
public import PhiChain

extension LevelDBStore {
    /// Makes a damaged store usable again with whatever of it can still be read.
    ///
    /// What is unreadable is dropped without a word, a batch may survive in part, and the library
    /// asks for no checksums in the log, so that even wrong bytes may survive. All that was stored
    /// must therefore be judged anew: nothing calls this but a person's command. The library moves
    /// what it replaces to the folder `lost`.
    ///
    /// - Parameters:
    ///   - path: The folder of the store, which must be closed.
    ///   - options: The options with which it will be opened.
    /// - Throws: `locked` while a store has the folder, `inputOutput` when there is no store in it.
    public static func repair(
        path: String,
        options: LevelDBOptions = LevelDBOptions()
    ) throws(StoreFailure) {
        let claim = try FolderClaim(path)
        let lock = try FolderLock(path)
        let native = OpenOptions(options)
        var message = LibraryMessage()
        unsafe leveldb_repair_db(native.pointer, path, &message.text)
        lock.release()
        withExtendedLifetime(claim) {}
        try message.check(folder: path)
    }
}
