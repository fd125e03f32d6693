import CLevelDB
import PhiChain

/// A database together with the options that say which of its states to read.
struct ReadView: Sendable {
    /// The open database.
    let database: SharedHandle
    /// Options for reading, which keep the snapshot that they name.
    let options: SharedHandle
    /// The folder, for messages.
    let folder: String

    init(
        of database: SharedHandle,
        at snapshot: SharedHandle?,
        folder: String,
        verifies: Bool
    ) {
        self.database = database
        self.folder = folder
        options = unsafe SharedHandle(
            leveldb_readoptions_create(),
            keeping: [snapshot ?? database],
            release: { unsafe leveldb_readoptions_destroy($0) }
        )
        unsafe leveldb_readoptions_set_verify_checksums(options.pointer, verifies ? 1 : 0)
        if let snapshot {
            unsafe leveldb_readoptions_set_snapshot(options.pointer, snapshot.pointer)
        }
    }

    /// The value stored under a key, or nil.
    func value(for key: [UInt8]) throws(StoreFailure) -> [UInt8]? {
        var message = LibraryMessage()
        var count = 0
        let found = unsafe leveldb_get(
            database.pointer,
            options.pointer,
            key,
            key.count,
            &count,
            &message.text
        )
        defer { unsafe leveldb_free(found) }
        try message.check(folder: folder)
        guard let found = unsafe found else { return nil }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: found, count: count))
    }

    /// Visits the pairs whose keys lie in `lower..<upper`.
    ///
    /// The check at the end is made after an early stop too: the pair that satisfied the visitor
    /// may stand behind a hole.
    func scan(
        from lower: [UInt8],
        to upper: [UInt8],
        backwards: Bool,
        _ visit: (_ key: [UInt8], _ value: [UInt8]) -> Bool
    ) throws(StoreFailure) {
        guard lower.lexicographicallyPrecedes(upper) else { return }
        let cursor = Cursor(over: self)
        if backwards {
            cursor.seekBefore(upper)
            while cursor.isValid, !cursor.precedes(lower), visit(cursor.key, cursor.value) {
                cursor.retreat()
            }
        } else {
            cursor.seek(lower)
            while cursor.isValid, cursor.precedes(upper), visit(cursor.key, cursor.value) {
                cursor.advance()
            }
        }
        try cursor.check()
    }

    /// Visits the pairs whose keys lie in `lower..<upper` without copying the ends of their values.
    func scanFronts(
        from lower: [UInt8],
        to upper: [UInt8],
        byteCount: Int,
        _ visit: (_ key: [UInt8], _ front: [UInt8]) -> Bool
    ) throws(StoreFailure) {
        guard lower.lexicographicallyPrecedes(upper) else { return }
        let cursor = Cursor(over: self)
        cursor.seek(lower)
        while cursor.isValid, cursor.precedes(upper),
            visit(cursor.key, cursor.front(byteCount))
        {
            cursor.advance()
        }
        try cursor.check()
    }
}
