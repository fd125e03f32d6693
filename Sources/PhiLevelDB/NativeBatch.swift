import CLevelDB
import PhiChain

/// The library's form of a batch.
@safe struct NativeBatch: ~Copyable {
    /// The batch object.
    let pointer: OpaquePointer

    init(_ batch: WriteBatch) {
        guard let created = unsafe leveldb_writebatch_create() else {
            preconditionFailure("LevelDB makes an object or ends the process")
        }
        unsafe pointer = created
        for change in batch.changes {
            let key = change.key
            if let value = change.value {
                unsafe leveldb_writebatch_put(created, key, key.count, value, value.count)
            } else {
                unsafe leveldb_writebatch_delete(created, key, key.count)
            }
        }
    }

    deinit { unsafe leveldb_writebatch_destroy(pointer) }
}
