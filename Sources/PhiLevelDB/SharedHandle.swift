/// One owner of one object of the C library, shared by reference and released with its last user.
///
/// This is the one place that promises the compiler more than it can see: LevelDB's databases,
/// caches, filters, snapshots and finished option objects may be used from many threads at once.
/// Batches and iterators may not; they have owners that cannot be copied.
@safe final class SharedHandle: @unchecked Sendable {
    /// The object, valid as long as this owner lives.
    let pointer: OpaquePointer
    private let release: @Sendable (OpaquePointer) -> Void
    /// What the object refers to; it is released after the object.
    private let dependencies: [any AnyObject & Sendable]

    /// Takes over an object that the library has just made.
    ///
    /// - Parameters:
    ///   - created: The object; the library ends the process rather than return none.
    ///   - dependencies: What must outlive the object.
    ///   - release: Gives the object back to the library.
    init(
        _ created: OpaquePointer?,
        keeping dependencies: [any AnyObject & Sendable] = [],
        release: @escaping @Sendable (OpaquePointer) -> Void
    ) {
        guard let created = unsafe created else {
            preconditionFailure("LevelDB makes an object or ends the process")
        }
        unsafe pointer = created
        unsafe self.release = release
        self.dependencies = dependencies
    }

    deinit { unsafe release(pointer) }
}
