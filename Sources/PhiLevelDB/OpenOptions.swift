import CLevelDB

/// The library's form of the options, with the cache and the filter that they name.
///
/// A database needs its cache and filter until it is closed, but not the options themselves.
@safe struct OpenOptions: ~Copyable {
    /// The options object.
    let pointer: OpaquePointer
    /// The block cache.
    let cache: SharedHandle
    /// The filter over each table's keys.
    let filter: SharedHandle

    init(_ options: LevelDBOptions) {
        precondition(options.writeBufferBytes > 0, "the write buffer holds something")
        precondition(options.tableBytes > 0, "a table holds something")
        precondition(options.blockCacheBytes >= 0, "a cache has no negative size")
        guard let created = unsafe leveldb_options_create() else {
            preconditionFailure("LevelDB makes an object or ends the process")
        }
        unsafe pointer = created
        cache = unsafe SharedHandle(
            leveldb_cache_create_lru(options.blockCacheBytes),
            release: { unsafe leveldb_cache_destroy($0) }
        )
        filter = unsafe SharedHandle(
            leveldb_filterpolicy_create_bloom(options.filterBitsPerKey),
            release: { unsafe leveldb_filterpolicy_destroy($0) }
        )
        unsafe leveldb_options_set_cache(created, cache.pointer)
        unsafe leveldb_options_set_filter_policy(created, filter.pointer)
        unsafe leveldb_options_set_create_if_missing(created, 1)
        unsafe leveldb_options_set_paranoid_checks(created, 1)
        unsafe leveldb_options_set_compression(created, Int32(leveldb_no_compression))
        unsafe leveldb_options_set_write_buffer_size(created, options.writeBufferBytes)
        unsafe leveldb_options_set_max_file_size(created, options.tableBytes)
        unsafe leveldb_options_set_max_open_files(created, options.openFileLimit)
    }

    deinit { unsafe leveldb_options_destroy(pointer) }
}
