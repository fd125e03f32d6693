import PhiConsensus
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
        guard entries.count > stride else { return verdicts(on: entries[...], network) }
        return await withTaskGroup(
            of: (Int, [Result<ValidEntry, EntryViolation>]).self
        ) { group in
            for start in Swift.stride(from: 0, to: entries.count, by: stride) {
                let part = entries[start..<min(start + stride, entries.count)]
                group.addTask { (start, verdicts(on: part, network)) }
            }
            var parts: [(Int, [Result<ValidEntry, EntryViolation>])] = []
            for await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private static func verdicts(
        on entries: ArraySlice<Entry>,
        _ network: Network
    ) -> [Result<ValidEntry, EntryViolation>] {
        entries.map { entry in
            do throws(EntryViolation) {
                return .success(try ValidEntry(judging: entry, on: network))
            } catch { return .failure(error) }
        }
    }
}
