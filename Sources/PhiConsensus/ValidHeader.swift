public import PhiCrypto
public import PhiLedger

/// A header that follows its parent by every rule, with its hash.
public struct ValidHeader: Hashable, Sendable {
    /// The header.
    public let header: Header
    /// The block's name.
    public let hash: Digest

    /// The first header of a network, which everything follows.
    public init(genesisOf network: Network) {
        header = network.genesis
        hash = network.chain
    }

    /// A header that a store keeps, where only judged ones come to be.
    package init(stored header: Header, hash: Digest) {
        self.header = header
        self.hash = hash
    }

    init(judged header: Header, hash: Digest) {
        self.header = header
        self.hash = hash
    }
}

/// Why a header does not follow its parent.
public enum HeaderViolation: Error, Equatable, Sendable {
    /// The header names another parent.
    case notLinked
    /// The height is not the parent's and one.
    case height(expected: UInt64, found: Height)
    /// The header commits to more entries than a block may have.
    case tooManyEntries(limit: UInt32, found: UInt32)
    /// The header commits to more bytes than a body may have.
    case bodyTooLarge(limit: UInt32, found: UInt32)
    /// Entry count, body size and root do not agree about an empty body.
    case emptyBody
    /// The time is before the earliest that the parent allows.
    case tooEarly(earliest: Timestamp, found: Timestamp)
    /// The time is past what the difficulty rule can compute with.
    case timeOutOfRange(found: Timestamp)
    /// The forgiven time is not the computed one.
    case idle(expected: UInt64, found: UInt64)
    /// The target is not the computed one.
    case bits(expected: UInt32, found: UInt32)
    /// The chain's work is not the computed one.
    case chainWork(expected: Work, found: Work)
    /// The history root is not the one over all earlier headers.
    case historyRoot
    /// The hash does not meet the target.
    case work
}
