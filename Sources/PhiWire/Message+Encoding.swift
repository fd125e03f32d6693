import PhiCrypto
import PhiLedger

extension Message {
    /// The body of the message's frame.
    ///
    /// - Precondition: Every list has as many elements as its message allows.
    public func encodedBody() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        precondition(bytes.count <= type.bodyLimit, "the sender keeps every list in its limits")
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .hello(let hello): hello.append(to: &bytes)
        case .ping(let ping): ping.append(to: &bytes)
        case .pong(let nonce): bytes.append(littleEndian: nonce)
        case .record(let record): bytes.append(contentsOf: record.encoded)
        case .getPeers(let maximum): bytes.append(maximum)
        case .peers(let records):
            bytes.append(UInt8(records.count))
            for record in records {
                let encoded = record.encoded
                bytes.append(littleEndian: UInt16(encoded.count))
                bytes.append(contentsOf: encoded)
            }
        case .getHeaders(let hashes):
            DigestList.append(hashes, to: &bytes, atMost: Limits.locatorHashes)
        case .headers(let batch): batch.append(to: &bytes)
        case .getBlocks(let hashes), .missingBlocks(let hashes):
            DigestList.append(hashes, to: &bytes, atMost: Limits.blocks)
        case .block(let hash, let body):
            hash.append(to: &bytes)
            bytes.append(contentsOf: body)
        case .compactBlock(let block): block.append(to: &bytes)
        case .getBlockEntries(let block, let indexes):
            Self.appendRequest(block: block, indexes: indexes, to: &bytes)
        case .blockEntries(let block, let entries):
            block.append(to: &bytes)
            bytes.append(littleEndian: UInt16(entries.count))
            for entry in entries { bytes.append(contentsOf: entry.bytes) }
        case .relayMode(let mode): bytes.append(mode.rawValue)
        case .inventory(let leaves):
            DigestList.append(leaves, to: &bytes, atMost: Limits.announcedEntries)
        case .getEntries(let leaves), .missingEntries(let leaves):
            DigestList.append(leaves, to: &bytes, atMost: Limits.entries)
        case .entries(let entries):
            bytes.append(littleEndian: UInt16(entries.count))
            for entry in entries { bytes.append(contentsOf: entry.bytes) }
        case .sketch(let sketch): sketch.append(to: &bytes)
        case .buckets(let listing): listing.append(to: &bytes)
        }
    }
}
