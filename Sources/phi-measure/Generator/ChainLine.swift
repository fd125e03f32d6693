import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger

/// A block as a line of the file that `phi-ledger chain import` reads.
enum ChainLine {
    /// The line with its end.
    static func bytes(of block: GeneratedBlock) -> [UInt8] {
        let body = BlockBody(block.entries).encoded
        var writer = JSONWriter(capacity: body.count / 3 * 4 + 600)
        writer.beginObject()
        writer.name("height")
        writer.integer(block.header.header.height.rawValue)
        writer.name("block")
        writer.hexadecimal(block.header.hash.bytes)
        writer.name("header")
        writer.hexadecimal(block.header.header.encoded)
        writer.name("body")
        writer.base64(body)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}
