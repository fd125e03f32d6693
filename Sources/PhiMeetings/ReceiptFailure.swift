public import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// Why a text is no valid receipt; each is the first rule that it breaks.
public enum ReceiptFailure: Error, Equatable, Sendable {
    /// The text is longer than any receipt.
    case tooLong(limit: Int, found: Int)
    /// The text has more lines than any receipt.
    case tooManyLines(limit: Int)
    /// The text is not UTF-8.
    case notUTF8
    /// The first line is not the one of a receipt.
    case otherTitle
    /// A line that must come once does not.
    case lineCount(ReceiptLine, found: Int)
    /// A value is not the one base64 text of some bytes.
    case notBase64(ReceiptLine)
    /// A value is not a number in its one decimal form.
    case notNumber(ReceiptLine)
    /// A value has another length.
    case byteCount(ReceiptLine, expected: Int, found: Int)
    /// A header is not one of a known version.
    case header(ReceiptLine, DecodingFailure)
    /// The parameters are not of a known version.
    case parameters(DecodingFailure)
    /// The greatest target of the network is not one that targets can have.
    case targetLimit(range: ClosedRange<UInt16>, found: UInt16)
    /// A span that the rules divide by or count on is zero.
    case zeroSpan(parameter: String)

    /// A header's target is not a possible one.
    case target(ReceiptLine, TargetFailure)
    /// A header's hash does not meet its target.
    case proofOfWork(ReceiptLine, height: Height)
    /// The first header is not at height 0.
    case genesisHeight(Height)
    /// The first header commits to other parameters.
    case otherParameters

    /// The envelope is of an unknown version.
    case entryVersion(UInt16)
    /// The entry belongs to another chain.
    case otherChain(found: Digest)
    /// The author's signature is refused.
    case signature(SignatureFailure)
    /// The payload is longer than the network allows.
    case payloadOverLimit(limit: UInt32, found: UInt32)
    /// The stamp declares too little work.
    case stampBelowMinimum(minimum: UInt128, found: UInt64)
    /// The nonce does not show the declared work.
    case stampFails(declared: UInt64)
    /// The payload has not the length that the envelope names, or no room for a salt.
    case payloadByteCount(expected: UInt32, found: Int)
    /// The payload is not the one that the envelope names.
    case payloadHash

    /// The path does not fit the place of the entry in the block.
    case path(MerkleProofFailure)
    /// The path leads elsewhere than to the block's root.
    case notInBlock
    /// The anchor is not below the block.
    case anchorNotBelow(anchor: Height, height: Height)
    /// The entry was too old for the block.
    case expired(limit: UInt32, found: UInt32)
    /// The anchor is not the block that the author named.
    case otherAnchor
    /// The anchor's path does not fit its place in the history.
    case anchorPath(MerkleProofFailure)
    /// The anchor is not an ancestor of the block.
    case notAncestor

    /// A following header does not name the one before as its parent.
    case notLinked(height: Height)
    /// A following header is too near to the one before.
    case tooSoon(height: Height)
    /// A following header forgives another idle time than the rule says.
    case idle(height: Height)
    /// The difficulty rule gives no target for a following header.
    case difficulty(height: Height, DifficultyFailure)
    /// A following header has another target than the rule gives.
    case bits(height: Height, expected: UInt32, found: UInt32)
    /// A following header names another work of the chain.
    case chainWork(height: Height)

    /// The block's path does not fit its place in the tip's history.
    case tipPath(MerkleProofFailure)
    /// The block is not in the tip's history.
    case notInHistory
    /// The tip names no more work than the block.
    case tipWork(block: Work, tip: Work)
    /// The block that the reader trusts is not in the receipt.
    case trustedBlockAbsent(Digest)
}
