import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting

extension Samples {
    /// Receipts of entries of the sample chain, with all their lines and with few.
    static let receipts: [Receipt] = {
        let blocks = chain.blocks
        let history = blocks.map(\.header.header.historyLeaf)
        return [1, 5].flatMap { height in
            blocks[height].body.entries.indices.flatMap { index in
                [true, false].map { receipt(height, index, history, isFull: $0) }
            }
        }
    }()

    private static func receipt(
        _ height: Int,
        _ index: Int,
        _ history: [Digest],
        isFull: Bool
    ) -> Receipt {
        let blocks = chain.blocks
        let block = blocks[height]
        let tip = blocks.count - 1
        let anchor = Receipt.LinkedHeader(
            header: network.genesis,
            path: MerkleTree.inclusionProof(index: 0, leaves: Array(history[..<height]))
        )
        let end = Receipt.LinkedHeader(
            header: blocks[tip].header.header,
            path: MerkleTree.inclusionProof(index: height, leaves: Array(history[..<tip]))
        )
        return Receipt(
            parameters: parameters,
            genesis: network.genesis,
            entry: block.body.entries[index],
            includesPayload: isFull,
            header: block.header.header,
            index: UInt64(index),
            proof: MerkleTree.inclusionProof(
                index: index,
                leaves: block.body.entries.map(\.leaf)
            ),
            anchor: isFull ? anchor : nil,
            confirmations: isFull ? [blocks[height + 1].header.header] : [],
            tip: isFull && height + 1 < tip ? end : nil
        )
    }
}
