import COpenSSL

/// Bytes that nobody else shall see.
///
/// The bytes are not copied unless asked for, have no description, and are overwritten when the
/// value's life ends.
@safe public struct SecretBytes: ~Copyable {
    private let buffer: UnsafeMutableBufferPointer<UInt8>

    /// Copies bytes, whose source the caller should not keep.
    public init(copying bytes: [UInt8]) {
        unsafe buffer = UnsafeMutableBufferPointer.allocate(capacity: bytes.count)
        _ = unsafe buffer.initialize(from: bytes)
    }

    /// Makes a secret of zero bytes, to be written by `withMutablePointer`.
    init(zeros count: Int) {
        unsafe buffer = UnsafeMutableBufferPointer.allocate(capacity: count)
        unsafe buffer.initialize(repeating: 0)
    }

    deinit {
        unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
        unsafe buffer.deallocate()
    }

    /// How many bytes there are.
    public var count: Int { unsafe buffer.count }

    /// Lends the bytes for one call.
    public borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(buffer.span)
    }

    /// Another secret with the same bytes.
    public borrowing func copy() -> SecretBytes {
        let other = SecretBytes(zeros: count)
        _ = unsafe other.buffer.update(from: buffer)
        return other
    }

    /// The bytes in the open, for the code that stores or sends them.
    ///
    /// The array is not overwritten at the end of its life.
    public borrowing func exposed() -> [UInt8] {
        unsafe Array(buffer)
    }

    /// Whether all bytes are zero, found in a time that does not depend on them.
    var isZero: Bool {
        unsafe buffer.reduce(0, |) == 0
    }

    /// Lends the bytes to a function of libcrypto.
    borrowing func withPointer<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        unsafe body(UnsafeBufferPointer(buffer))
    }

    /// Lends the bytes to a function of libcrypto that writes them.
    mutating func withMutablePointer<Result>(
        _ body: (UnsafeMutableBufferPointer<UInt8>) -> Result
    ) -> Result {
        unsafe body(buffer)
    }
}
