/// The hash function of the ledger.
public enum SHA256 {
    /// The hash of some bytes.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        var hasher = Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The hash of a prefix followed by a part of some bytes.
    ///
    /// - Precondition: `range` lies within `bytes`.
    public static func hash(
        _ bytes: [UInt8],
        in range: Range<Int>,
        prefixedBy prefix: [UInt8]
    ) -> Digest {
        var hasher = Hasher()
        hasher.update(prefix)
        hasher.update(bytes, in: range)
        return hasher.finalize()
    }

    /// The hash of one byte followed by a part of some bytes, as RFC 6962 hashes a leaf.
    ///
    /// - Precondition: `range` lies within `bytes`.
    public static func hash(prefix: UInt8, _ bytes: [UInt8], in range: Range<Int>) -> Digest {
        var hasher = Hasher()
        hasher.update(prefix)
        hasher.update(bytes, in: range)
        return hasher.finalize()
    }

    /// The hash of one byte followed by two digests, as RFC 6962 hashes a node.
    public static func hash(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
        var hasher = Hasher()
        hasher.update(prefix)
        hasher.update(left)
        hasher.update(right)
        return hasher.finalize()
    }

    /// The hash of the hash of some bytes.
    public static func doubleHash(_ bytes: [UInt8]) -> Digest {
        var hasher = Hasher()
        hasher.update(hash(bytes))
        return hasher.finalize()
    }
}
