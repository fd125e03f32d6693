public import PhiCrypto
public import PhiLedger

/// What a valid receipt proves.
///
/// It proves work and order in one chain, never that this chain is the one the reader means: for
/// that, `last` must be compared with a block that the reader trusts.
public struct ReceiptVerdict: Hashable, Sendable {
    /// The genesis hash of the entry's chain.
    public let chain: Digest
    /// The entry.
    public let id: Digest
    /// The number of the entry's kind, known to this program or not.
    public let kind: UInt16
    /// Who signed.
    public let author: VerifyingKey
    /// The meeting; zero for an `open`.
    public let meeting: Digest
    /// The number among the author's entries there.
    public let sequence: UInt64
    /// The hash of the block that holds the entry.
    public let block: Digest
    /// The height of that block.
    public let height: Height
    /// The time of the anchor, after which the entry was signed; nil when not proved.
    public let notBefore: Timestamp?
    /// The time of the block, before which the entry was signed.
    public let notAfter: Timestamp
    /// The depth of the block under the last header, itself included.
    public let confirmations: UInt64
    /// Hashes of work that the headers in the file show.
    public let workInFile: Work
    /// Hashes of work that the last header claims above the block.
    public let workClaimedOnTop: Work
    /// The hash of the last header.
    public let last: Digest
    /// Whether a block that the reader trusts is the block or a later one.
    public let isTrusted: Bool
    /// Whether the payload is in the file and matches.
    public let hasPayload: Bool
}
