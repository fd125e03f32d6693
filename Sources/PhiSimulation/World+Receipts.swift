import PhiChain
import PhiCrypto
import PhiLedger
import PhiMeetings

extension World {
    /// Makes and verifies the receipt of a block's first entry, where it has one.
    ///
    /// - Returns: What is wrong with it.
    mutating func makeReceipt(_ index: Int, at height: Height, tip: Height) -> String? {
        let chain = ChainReader(members[index].disk.unfailing, network: network)
        do {
            guard let entry = try chain.entries(at: height).first,
                let source = try chain.receipt(for: entry.id, confirmations: 3, tip: tip)
            else { return nil }
            let receipt = Receipt(
                parameters: source.parameters,
                genesis: source.genesis,
                entry: source.entry,
                includesPayload: true,
                header: source.proof.header,
                index: UInt64(source.proof.index),
                proof: source.proof.path,
                anchor: source.anchor.map { .init(header: $0.header, path: $0.path) },
                confirmations: source.confirmations,
                tip: source.tip.map { .init(header: $0.header, path: $0.path) }
            )
            let verdict = try ReceiptVerifier.verify(Array(receipt.text.utf8))
            guard verdict.id == entry.id, verdict.height == height else { return "other entry" }
            tally.receipts += 1
            checker.records[index].receipts.append(
                Checker.Held(block: source.proof.header.hash, height: height)
            )
            return nil
        } catch { return "\(error)" }
    }
}
