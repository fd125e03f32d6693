/// The lines of a receipt, by the word that each starts with.
public enum ReceiptLine: String, CaseIterable, Sendable {
    /// The parameters of the network.
    case parameters
    /// The first header of the chain.
    case genesis
    /// The envelope of the entry.
    case entry
    /// The payload of the entry.
    case payload
    /// The header of the block that holds the entry.
    case header
    /// The place of the entry in the block.
    case index
    /// A hash on the way from the entry to the block's root.
    case proof
    /// The header that the author had seen.
    case anchor
    /// A hash on the way from the anchor to the block's history root.
    case anchorProof = "aproof"
    /// A header that follows.
    case confirm
    /// A later header that somebody trusts.
    case tip
    /// A hash on the way from the block's header to the tip's history root.
    case tipProof = "hproof"
}
