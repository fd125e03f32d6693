import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

extension Samples {
    /// The headers of the sample chain above a height, in the form that peers send.
    static func headers(above height: UInt32 = 0) -> HeaderBatch {
        let blocks = chain.blocks
        var items: [CompactHeader] = []
        for index in Int(height) + 1..<blocks.count {
            if let item = compact(blocks[index], after: blocks[index - 1]) { items.append(item) }
        }
        return HeaderBatch(
            start: Height(height + 1),
            parent: blocks[Int(height)].hash,
            items: items
        )
    }

    static func compact(_ block: TestBlock, after parent: TestBlock) -> CompactHeader? {
        CompactHeader(
            block.header.header,
            after: parent.header.header.time,
            minimumSpacing: parameters.minimumSpacing
        )
    }

    /// A block of the sample chain as it is pushed, with some entries whole.
    static func compactBlock(height: Int, salt: UInt64, whole: Set<Int>) -> CompactBlock? {
        let block = chain.blocks[height]
        let parent = chain.blocks[height - 1]
        let entries = block.body.entries
        let short = entries.indices.filter { !whole.contains($0) }
        guard let header = compact(block, after: parent),
            let identifiers = try? ShortID.of(
                short.map { entries[$0].leaf },
                header: block.header.header,
                salt: salt
            )
        else { return nil }
        return CompactBlock(
            height: block.height,
            parent: parent.hash,
            header: header,
            salt: salt,
            identifiers: identifiers,
            prefilled: entries.indices.filter(whole.contains).map {
                CompactBlock.Prefilled(index: UInt16($0), entry: entries[$0])
            }
        )
    }

    /// One message of every type at least.
    static let messages: [Message] = {
        let leaves = digests(40).sorted()
        let sketch = Reconciliation.sketch(of: leaves, logarithm: 2)
        let listings = Reconciliation.answer(to: sketch, with: Array(leaves.dropFirst(3)))
        let block = chain.blocks[1]
        let blocks = [[], [0], [1], [0, 1]].compactMap {
            compactBlock(height: 1, salt: 7, whole: Set($0))
        }
        let others: [Message] = [
            .hello(hello()), .hello(hello(record())), .hello(hello(record(addresses: 4))),
            .ping(Ping(nonce: 77, tip: claim(chain.tip))), .pong(nonce: 77),
            .record(record(addresses: 2)), .getPeers(maximum: 32), .peers([]),
            .peers([record(), record(addresses: 3)]), .getHeaders(digests(3)),
            .headers(headers()), .getBlocks(digests(2)),
            .block(hash: block.hash, body: block.body.encoded), .missingBlocks(digests(1)),
            .getBlockEntries(block: block.hash, indexes: [0, 1, 300, 2_047]),
            .blockEntries(block: block.hash, Array(entries.prefix(2))),
            .relayMode([]), .relayMode([.push, .quiet]), .inventory(digests(4)),
            .getEntries(digests(3)), .entries(Array(entries.prefix(3))),
            .missingEntries(digests(2)), .sketch(sketch),
        ]
        return others + blocks.map { .compactBlock($0) } + listings.map { .buckets($0) }
    }()
}
