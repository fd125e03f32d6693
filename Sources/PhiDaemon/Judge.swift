import PhiConsensus
import PhiCrypto
import PhiLedger

/// Judges entries on all cores, beside the engine.
enum Judge {
    /// Entries that one task judges in a row.
    private static let stride = 64

    /// The verdicts, in the order of the entries.
    @concurrent static func judge(
        _ entries: [Entry],
        on network: Network
    ) async -> [Result<ValidEntry, EntryViolation>] {
        let order = AuthorOrder(entries)
        guard entries.count > stride else {
            return order.restored(verdicts(on: order.positions[...], of: entries, network))
        }
        let found = await withTaskGroup(
            of: (Int, [Result<ValidEntry, EntryViolation>]).self
        ) { group in
            for start in Swift.stride(from: 0, to: entries.count, by: stride) {
                let part = order.positions[start..<min(start + stride, entries.count)]
                group.addTask { (start, verdicts(on: part, of: entries, network)) }
            }
            var parts: [(Int, [Result<ValidEntry, EntryViolation>])] = []
            for await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
        return order.restored(found)
    }

    private static func verdicts(
        on positions: ArraySlice<Int>,
        of entries: [Entry],
        _ network: Network
    ) -> [Result<ValidEntry, EntryViolation>] {
        let checker = SignatureChecker()
        return positions.map { position in
            do throws(EntryViolation) {
                let entry = entries[position]
                return .success(try ValidEntry(judging: entry, on: network, with: checker))
            } catch { return .failure(error) }
        }
    }
}
