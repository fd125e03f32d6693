import PhiConsensus
public import PhiCrypto
import PhiLedger

/// Judges a receipt with nothing but its text.
///
/// The parameters come from the text too: the genesis header commits to them, so that the chain's
/// id, which the verdict carries, fixes the rules.
public enum ReceiptVerifier {
    /// Judges a text.
    ///
    /// - Parameters:
    ///   - text: The whole text.
    ///   - trusted: The hash of a block that the reader knows to be in the right chain.
    /// - Returns: What the receipt proves.
    /// - Throws: The first rule that the receipt breaks.
    public static func verify(
        _ text: String,
        trusting trusted: Digest? = nil
    ) throws(ReceiptFailure) -> ReceiptVerdict {
        try verify(Array(text.utf8), trusting: trusted)
    }

    /// Judges the bytes of a file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - trusted: The hash of a block that the reader knows to be in the right chain.
    /// - Returns: What the receipt proves.
    /// - Throws: The first rule that the receipt breaks.
    public static func verify(
        _ bytes: [UInt8],
        trusting trusted: Digest? = nil
    ) throws(ReceiptFailure) -> ReceiptVerdict {
        try verify(Receipt(decoding: bytes), trusting: trusted)
    }

    /// Judges a receipt that was read.
    ///
    /// - Parameters:
    ///   - receipt: The receipt.
    ///   - trusted: The hash of a block that the reader knows to be in the right chain.
    /// - Returns: What the receipt proves.
    /// - Throws: The first rule that the receipt breaks.
    public static func verify(
        _ receipt: Receipt,
        trusting trusted: Digest? = nil
    ) throws(ReceiptFailure) -> ReceiptVerdict {
        let rules = try ReceiptRules(parameters: receipt.parameters, genesis: receipt.genesis)
        let envelope = ReceiptEnvelope(receipt.envelope)
        let id = envelope.id
        try rules.check(envelope, id: id)
        if let payload = receipt.payload { try rules.check(payload, of: envelope) }
        let block = try rules.proved(receipt.header, .header)
        try checkInclusion(of: envelope, in: receipt)
        try rules.checkWindow(of: envelope, at: block.header.height)
        if let anchor = receipt.anchor {
            let proved = try rules.proved(anchor.header, .anchor)
            try check(proved, path: anchor.path, of: envelope, before: block)
        }
        var chain = [block]
        var last = block
        for header in receipt.confirmations {
            let proved = try rules.proved(header, .confirm)
            try rules.check(proved, follows: last)
            last = proved
            chain.append(last)
        }
        if let tip = receipt.tip {
            last = try rules.proved(tip.header, .tip)
            try check(last, path: tip.path, above: block)
            chain.append(last)
        }
        let isTrusted = chain.contains { $0.hash == trusted }
        if let trusted, !isTrusted { throw .trustedBlockAbsent(trusted) }
        return verdict(
            receipt,
            envelope: envelope,
            id: id,
            block: block,
            last: last,
            work: chain.reduce(0) { $0 + $1.work.rawValue },
            isTrusted: isTrusted
        )
    }

    private static func checkInclusion(
        of envelope: ReceiptEnvelope,
        in receipt: Receipt
    ) throws(ReceiptFailure) {
        let root: Digest
        do {
            root = try MerkleProof.root(
                index: receipt.index,
                size: UInt64(receipt.header.entryCount),
                leaf: envelope.leaf,
                path: receipt.proof
            )
        } catch { throw .path(error) }
        guard root == receipt.header.entriesRoot else { throw .notInBlock }
    }

    private static func check(
        _ anchor: ProvedHeader,
        path: [Digest],
        of envelope: ReceiptEnvelope,
        before block: ProvedHeader
    ) throws(ReceiptFailure) {
        guard anchor.header.height == envelope.anchorHeight,
            AnchorTail(of: anchor.hash) == envelope.anchorTail
        else { throw .otherAnchor }
        let root: Digest
        do {
            root = try anchor.historyRoot(below: block.header.height, path: path)
        } catch { throw .anchorPath(error) }
        guard root == block.header.historyRoot else { throw .notAncestor }
    }

    private static func check(
        _ tip: ProvedHeader,
        path: [Digest],
        above block: ProvedHeader
    ) throws(ReceiptFailure) {
        let root: Digest
        do {
            root = try block.historyRoot(below: tip.header.height, path: path)
        } catch { throw .tipPath(error) }
        guard root == tip.header.historyRoot else { throw .notInHistory }
        guard tip.header.chainWork > block.header.chainWork else {
            throw .tipWork(block: block.header.chainWork, tip: tip.header.chainWork)
        }
    }

    private static func verdict(
        _ receipt: Receipt,
        envelope: ReceiptEnvelope,
        id: Digest,
        block: ProvedHeader,
        last: ProvedHeader,
        work: UInt128,
        isTrusted: Bool
    ) -> ReceiptVerdict {
        let depth = last.header.height.distance(above: block.header.height)
        return ReceiptVerdict(
            chain: envelope.chain,
            id: id,
            kind: envelope.kind,
            author: envelope.author,
            meeting: envelope.meeting,
            sequence: envelope.sequence,
            block: block.hash,
            height: block.header.height,
            notBefore: receipt.anchor?.header.time,
            notAfter: block.header.time,
            confirmations: UInt64(depth) + 1,
            workInFile: Work(rawValue: work),
            workClaimedOnTop: last.header.chainWork.subtracting(block.header.chainWork) ?? .zero,
            last: last.hash,
            isTrusted: isTrusted,
            hasPayload: receipt.payload != nil
        )
    }
}
