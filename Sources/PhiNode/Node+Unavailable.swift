import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Forgets all ways to a better tip whose next body nobody is left to give.
    ///
    /// Many peers may have shown heavier branches, kept the bodies and left. All those go at once,
    /// because the way that honest peers follow has to wait for the last of them.
    mutating func forgetUnavailable() throws(StoreFailure) {
        guard isHeldUp(at: now) else { return }
        let unknown = try lookAround()
        guard let next = nextMissing, next.header.chainWork > unknown else { return }
        let claimed = tree.ways(to: readyPeers.compactMap { peers[$0]?.claim?.hash })
        guard isUnavailable(next, claimed) else { return }
        let node = self
        try tree.forget(in: ledger) { header in
            header.header.chainWork > unknown && node.isUnavailable(header, claimed)
        }
        effects.append(.resume)
    }

    /// Asks for the headers of peers that outweigh the tip, though they may not outweigh the best
    /// header: theirs may be the way whose bodies can be had.
    ///
    /// - Returns: The greatest work of a tip whose way is not known: it may go any way, until its
    ///   peer has shown it, or has said that a block on this one is missing there.
    private mutating func lookAround() throws(StoreFailure) -> Work {
        var greatest = Work.zero
        for handle in readyPeers {
            guard let peer = peers[handle], let claim = peer.claim,
                claim.work > ledger.tip.header.chainWork,
                try tree.header(claim.hash, in: ledger) == nil
            else { continue }
            greatest = max(greatest, claim.work)
            if claim.work >= headerThreshold { try askForHeaders(of: handle) }
        }
        return greatest
    }

    /// The first block on the way to the best header whose body is neither here nor asked for.
    private var nextMissing: ValidHeader? {
        for hash in tree.plan {
            guard let header = tree.candidate(hash) else { return nil }
            if isMissing(header) { return header }
        }
        return nil
    }

    private func isUnavailable(_ header: ValidHeader, _ claimed: Set<Digest>) -> Bool {
        isMissing(header) && !claimed.contains(header.hash)
    }

    private func isMissing(_ header: ValidHeader) -> Bool {
        let hash = header.hash
        return header.header.entryCount > 0 && !storedBeside.contains(hash)
            && ready[hash] == nil && requested[hash] == nil && !isInJudgement(hash)
    }
}
