import CLevelDB
import PhiChain

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A place in the ordered keys of one view of the store.
@safe struct Cursor: ~Copyable {
    private let pointer: OpaquePointer
    /// Keeps the database open until the iterator is gone.
    private let view: ReadView

    init(over view: ReadView) {
        let created = unsafe leveldb_create_iterator(view.database.pointer, view.options.pointer)
        guard let created = unsafe created else {
            preconditionFailure("LevelDB makes an object or ends the process")
        }
        unsafe pointer = created
        self.view = view
    }

    deinit { unsafe leveldb_iter_destroy(pointer) }

    /// Whether the cursor stands on a pair.
    var isValid: Bool { unsafe leveldb_iter_valid(pointer) != 0 }

    /// The key under the cursor, which must be valid.
    var key: [UInt8] {
        var count = 0
        let start = unsafe leveldb_iter_key(pointer, &count)
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The value under the cursor, which must be valid.
    var value: [UInt8] {
        var count = 0
        let start = unsafe leveldb_iter_value(pointer, &count)
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The first bytes of the value under the cursor, which must be valid.
    func front(_ byteCount: Int) -> [UInt8] {
        var count = 0
        let start = unsafe leveldb_iter_value(pointer, &count)
        return unsafe [UInt8](
            UnsafeRawBufferPointer(start: start, count: max(0, min(count, byteCount)))
        )
    }

    /// Whether the key under the cursor, which must be valid, comes before another.
    func precedes(_ bound: [UInt8]) -> Bool {
        var count = 0
        guard let start = unsafe leveldb_iter_key(pointer, &count) else { return false }
        let order = unsafe memcmp(start, bound, min(count, bound.count))
        return order < 0 || (order == 0 && count < bound.count)
    }

    /// Moves to the first key that does not precede the bound.
    func seek(_ bound: [UInt8]) { unsafe leveldb_iter_seek(pointer, bound, bound.count) }

    /// Moves to the last key that precedes the bound.
    func seekBefore(_ bound: [UInt8]) {
        seek(bound)
        if isValid {
            retreat()
        } else {
            unsafe leveldb_iter_seek_to_last(pointer)
        }
    }

    /// Moves to the next key.
    func advance() { unsafe leveldb_iter_next(pointer) }

    /// Moves to the key before.
    func retreat() { unsafe leveldb_iter_prev(pointer) }

    /// Throws when a block on the way could not be read.
    ///
    /// The library skips such a block, so what was visited may lack pairs in its middle.
    func check() throws(StoreFailure) {
        var message = LibraryMessage()
        unsafe leveldb_iter_get_error(pointer, &message.text)
        try message.check(folder: view.folder)
    }
}
