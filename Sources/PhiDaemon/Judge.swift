import PhiConsensus
import PhiCrypto
import PhiLedger

/// Judges entries on all cores, beside the engine.
enum Judge {
    /// Entries that one task judges in a row.
    private static let stride = 64

    /// The verdicts, in the order of the entries.
    ///
    /// - Parameters:
    ///   - entries: The entries.
    ///   - linkKeys: The link keys, by meeting, that are asked about admissions.
    ///   - network: The network.
    /// - Returns: One verdict for each entry.
    @concurrent static func judge(
        _ entries: [Entry],
        linkKeys: [Digest: VerifyingKey] = [:],
        on network: Network
    ) async -> [Result<ValidEntry, EntryViolation>] {
        let order = AuthorOrder(entries)
        guard entries.count > stride else {
            return order.restored(
                verdicts(on: order.positions[...], of: entries, linkKeys, network)
            )
        }
        let found = await withTaskGroup(
            of: (Int, [Result<ValidEntry, EntryViolation>]).self
        ) { group in
            for start in Swift.stride(from: 0, to: entries.count, by: stride) {
                let part = order.positions[start..<min(start + stride, entries.count)]
                group.addTask { (start, verdicts(on: part, of: entries, linkKeys, network)) }
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
        _ linkKeys: [Digest: VerifyingKey],
        _ network: Network
    ) -> [Result<ValidEntry, EntryViolation>] {
        let authors = SignatureChecker()
        let links = SignatureChecker()
        return positions.map { position in
            do throws(EntryViolation) {
                let entry = entries[position]
                var valid = try ValidEntry(judging: entry, on: network, with: authors)
                if let linkKey = linkKeys[entry.meeting] {
                    valid.judgeAdmission(by: linkKey, with: links)
                }
                return .success(valid)
            } catch { return .failure(error) }
        }
    }
}
