import COpenSSL

extension SHA256 {
    /// A hash in the making, which takes its input in parts.
    ///
    /// A copy goes on from where the original stood.
    public struct Hasher: Sendable {
        private var context: SHA256_CTX

        /// Starts with no input.
        public init() {
            context = SHA256_CTX()
            unsafe phi_sha256_start(&context)
        }

        /// Takes bytes in.
        public mutating func update(_ bytes: [UInt8]) {
            unsafe phi_sha256_update(&context, bytes, bytes.count)
        }

        /// Takes a part of some bytes in.
        ///
        /// - Precondition: `range` lies within `bytes`.
        public mutating func update(_ bytes: [UInt8], in range: Range<Int>) {
            precondition(
                range.lowerBound >= 0 && range.upperBound <= bytes.count,
                "the caller has checked that the range lies within the bytes"
            )
            unsafe bytes.withUnsafeBytes { buffer in
                let part = unsafe UnsafeRawBufferPointer(rebasing: buffer[range])
                unsafe phi_sha256_update(&context, part.baseAddress, part.count)
            }
        }

        /// Takes one byte in.
        public mutating func update(_ byte: UInt8) {
            unsafe withUnsafeBytes(of: byte) {
                unsafe phi_sha256_update(&context, $0.baseAddress, 1)
            }
        }

        /// Takes the eight bytes of a number in, the lowest first.
        public mutating func update(littleEndian value: UInt64) {
            unsafe withUnsafeBytes(of: value.littleEndian) {
                unsafe phi_sha256_update(&context, $0.baseAddress, 8)
            }
        }

        /// Takes the 32 bytes of a digest or key in.
        public mutating func update(_ value: some FixedBytes32) {
            unsafe withUnsafeBytes(of: value.words) {
                unsafe phi_sha256_update(&context, $0.baseAddress, 32)
            }
        }

        /// The hash of all that was taken in.
        public consuming func finalize() -> Digest {
            var words = FourWords(0, 0, 0, 0)
            unsafe withUnsafeMutableBytes(of: &words) {
                unsafe phi_sha256_finish(&context, $0.baseAddress)
            }
            return Digest(words: words)
        }
    }
}
