import PhiChain
import PhiConsensus
import PhiCrypto

extension Node {
    /// Orphans that one step tries at most; those left over are tried at the next tip.
    private static var triesAtOnce: Int { 4_096 }

    /// Tries the orphans that entries may have waited for which found their place just now.
    mutating func wakeOrphans(
        by entries: [ValidEntry],
        batch: inout WriteBatch
    ) throws(StoreFailure) {
        guard !orphans.isEmpty else { return }
        var tries = Self.triesAtOnce
        for valid in entries {
            try retry(orphans.wakened(by: valid, now: now), tries: &tries, batch: &batch)
        }
    }

    /// Tries all orphans that nothing before them in their line keeps waiting.
    mutating func retryOrphans() throws(StoreFailure) {
        guard !orphans.isEmpty else { return }
        var batch = WriteBatch()
        var tries = Self.triesAtOnce
        try retry(orphans.firsts(now: now), tries: &tries, batch: &batch)
        commit(batch, durable: false)
    }

    /// Tries orphans, and after each that left those that may follow it.
    private mutating func retry(
        _ first: [(valid: ValidEntry, peer: PeerHandle)],
        tries: inout Int,
        batch: inout WriteBatch
    ) throws(StoreFailure) {
        var waiting = Array(first.reversed())
        while tries > 0, let orphan = waiting.popLast() {
            guard orphans.contains(leaf: orphan.valid.leaf) else { continue }
            tries -= 1
            if try take(orphan.valid, from: orphan.peer, batch: &batch) {
                let next = orphans.wakened(by: orphan.valid, now: now)
                waiting.append(contentsOf: next.reversed())
            } else if !orphans.contains(leaf: orphan.valid.leaf) {
                waiting.append(contentsOf: orphans.next(inLineOf: orphan.valid, now: now))
            }
        }
    }
}
