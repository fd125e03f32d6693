import PhiChain
import PhiClient
public import PhiLedger

extension OfflineChain {
    /// Writes the chain of a stopped node into a file, one block a line, the genesis block first.
    ///
    /// A file that is there already and holds a part of this chain is continued behind its last
    /// whole line.
    ///
    /// - Parameters:
    ///   - dataFolder: The node's data folder.
    ///   - network: The network.
    ///   - file: The file; `-` is standard output.
    ///   - progress: Is told now and then how far it is.
    /// - Returns: How many blocks were written.
    /// - Throws: Why it was not done.
    public static func export(
        data dataFolder: String,
        network: Network,
        to file: String,
        progress: (Progress) -> Void
    ) async throws -> UInt64 {
        let store = try open(dataFolder, network: network, creating: false)
        let chain = ChainReader(store, network: network)
        let tip = try reading { () throws(StoreFailure) in try chain.tip() }.height
        let kept = file == "-" ? (next: UInt64(0), bytes: UInt64(0)) : try keptPart(file, chain)
        let writer = try LineWriter(file, keeping: kept.bytes)
        var entries: UInt64 = 0
        var written: UInt64 = 0
        var height = kept.next
        while height <= UInt64(tip.rawValue) {
            try Task.checkCancellation()
            let place = Height(UInt32(height))
            let line = try reading { () throws(StoreFailure) in
                guard let header = try chain.header(at: place) else {
                    throw .malformedRecord(kind: "header")
                }
                let body = BlockBody(try chain.entries(at: place))
                entries += UInt64(body.entries.count)
                return BlockLine(header: header, body: body.encoded)
            }
            try writer.write(line.text)
            written += 1
            height += 1
            progress(
                Progress(
                    blocks: written,
                    entries: entries,
                    fraction: Double(height) / Double(UInt64(tip.rawValue) + 1)
                )
            )
        }
        try writer.finish()
        return written
    }

    /// The next height that a file lacks, and how many of its bytes are right.
    private static func keptPart<Reader>(
        _ file: String,
        _ chain: ChainReader<Reader>
    ) throws(OfflineFailure) -> (next: UInt64, bytes: UInt64) {
        var lines: LineReader
        do throws(OfflineFailure) { lines = try LineReader(file) } catch {
            guard error == .file(.absent(path: file)) else { throw error }
            return (0, 0)
        }
        var next: UInt64 = 0
        var bytes: UInt64 = 0
        while true {
            let line: [UInt8]?
            do throws(OfflineFailure) {
                line = try lines.next(limit: BlockLine.byteLimit)
            } catch {
                // The last line of an export that was interrupted.
                guard case .cutOff = error else { throw error }
                return (next, bytes)
            }
            guard let line else { return (next, bytes) }
            let block = try BlockLine(parsing: line, number: lines.lineNumber)
            guard UInt64(block.header.height.rawValue) == next else {
                throw .gap(expected: Height(UInt32(clamping: next)), found: block.header.height)
            }
            let own = try reading { () throws(StoreFailure) in
                try chain.header(at: block.header.height)
            }
            guard own == block.header else { throw .otherBranch(height: block.header.height) }
            next += 1
            bytes = lines.bytesRead
        }
    }
}
