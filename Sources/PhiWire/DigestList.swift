import PhiCrypto
import PhiLedger

/// A counted list of hashes, as requests and announcements carry it.
enum DigestList {
    /// Takes a count of the limit's width and then so many hashes, one at least.
    static func read<Count: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        from reader: inout ByteReader,
        _ field: String,
        atMost limit: Count
    ) throws(DecodingFailure) -> [Digest] {
        let count = try reader.integer("\(field) count", atMost: limit)
        guard count > 0 else {
            throw .underLimit(field: "\(field) count", limit: 1, found: 0)
        }
        var digests: [Digest] = []
        for _ in 0..<Int(count) { digests.append(try reader.fixed(field)) }
        return digests
    }

    /// Appends a count of the limit's width and then the hashes.
    static func append<Count: FixedWidthInteger & UnsignedInteger>(
        _ digests: [Digest],
        to bytes: inout [UInt8],
        atMost limit: Count
    ) {
        bytes.append(littleEndian: Count(digests.count))
        for digest in digests { digest.append(to: &bytes) }
    }
}
