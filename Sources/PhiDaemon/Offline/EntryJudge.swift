import PhiConsensus
import PhiLedger

/// Judges the entries of several blocks on all cores.
enum EntryJudge {
    /// The entries of each block, judged by the rules that need no chain.
    ///
    /// - Parameters:
    ///   - blocks: The bodies of blocks in a row.
    ///   - first: The height of the first of them.
    ///   - network: The network.
    /// - Returns: The judged entries of each block.
    /// - Throws: The first block whose entry breaks a rule.
    static func judge(
        _ blocks: [[Entry]],
        from first: Height,
        on network: Network
    ) async throws(OfflineFailure) -> [[ValidEntry]] {
        let verdicts = await withTaskGroup(
            of: (Int, [Result<ValidEntry, EntryViolation>]).self
        ) { group in
            for (block, entries) in blocks.enumerated() {
                group.addTask { (block, await Judge.judge(entries, on: network)) }
            }
            var verdicts: [[Result<ValidEntry, EntryViolation>]] = blocks.map { _ in [] }
            for await (block, found) in group { verdicts[block] = found }
            return verdicts
        }
        var judged: [[ValidEntry]] = []
        judged.reserveCapacity(blocks.count)
        for (block, found) in verdicts.enumerated() {
            judged.append(try valid(found, at: Height(first.rawValue + UInt32(block))))
        }
        return judged
    }

    private static func valid(
        _ verdicts: [Result<ValidEntry, EntryViolation>],
        at height: Height
    ) throws(OfflineFailure) -> [ValidEntry] {
        var judged: [ValidEntry] = []
        judged.reserveCapacity(verdicts.count)
        for (number, verdict) in verdicts.enumerated() {
            switch verdict {
            case .success(let entry): judged.append(entry)
            case .failure(let violation):
                throw .block(height: height, reason: "entry \(number): \(violation)")
            }
        }
        return judged
    }
}
