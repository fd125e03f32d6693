import PhiConsensus
import PhiLedger

/// Judges the entries of several blocks on all cores.
enum EntryJudge {
    private static let share = 128

    /// Why a block's entry is wrong in itself.
    struct Violation: Error {
        let block: Int
        let reason: String
    }

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
        var work: [(block: Int, entries: ArraySlice<Entry>)] = []
        for (index, entries) in blocks.enumerated() {
            for start in stride(from: 0, to: entries.count, by: share) {
                work.append((index, entries[start..<min(start + share, entries.count)]))
            }
        }
        let pieces = await withTaskGroup(of: (Int, Result<[ValidEntry], Violation>).self) { group in
            for (number, piece) in work.enumerated() {
                group.addTask { (number, await judge(piece.entries, piece.block, network)) }
            }
            var pieces: [Int: Result<[ValidEntry], Violation>] = [:]
            for await (number, result) in group { pieces[number] = result }
            return pieces
        }
        var judged = [[ValidEntry]](repeating: [], count: blocks.count)
        for (number, piece) in work.enumerated() {
            switch pieces[number] {
            case .success(let valid)?: judged[piece.block] += valid
            case .failure(let violation)?:
                let height = Height(first.rawValue + UInt32(violation.block))
                throw .block(height: height, reason: violation.reason)
            case nil: preconditionFailure("every piece of work has a result")
            }
        }
        return judged
    }

    @concurrent private static func judge(
        _ entries: ArraySlice<Entry>,
        _ block: Int,
        _ network: Network
    ) async -> Result<[ValidEntry], Violation> {
        var judged: [ValidEntry] = []
        judged.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            do { judged.append(try ValidEntry(judging: entry, on: network)) } catch {
                let number = entries.startIndex + index
                return .failure(Violation(block: block, reason: "entry \(number): \(error)"))
            }
        }
        return .success(judged)
    }
}
