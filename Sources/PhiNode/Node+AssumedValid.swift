import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger

extension Node {
    /// Headers that a node keeps ahead at most, so that it may see enough work on a block.
    private static var assumingHeaderLimit: UInt64 { 400_000 }

    /// A policy that follows headers far enough for its assumption to come true.
    static func prepared(_ policy: NodePolicy, for network: Network) -> NodePolicy {
        guard policy.assumedValid != nil else { return policy }
        var policy = policy
        let wanted = min(
            blocksOnTop(policy, network) + UInt64(policy.blockWindow),
            assumingHeaderLimit
        )
        policy.headersAhead = max(policy.headersAhead, Int(wanted))
        return policy
    }

    /// Blocks of the present difficulty that must lie on a block before it is assumed valid.
    private static func blocksOnTop(_ policy: NodePolicy, _ network: Network) -> UInt64 {
        let interval = max(1, UInt64(network.parameters.blockInterval))
        let time = min(policy.assumedValidTime, 1 << 60)
        return (time + interval - 1) / interval
    }

    /// Whether the operator vouches for the signatures and stamps of a block on the way.
    ///
    /// The block vouched for must be on the best chain, so that nobody who shows another one gains
    /// by the assumption, and as much work must lie on top as takes a long time to make.
    func isAssumedValid(_ header: ValidHeader) -> Bool {
        guard let hash = policy.assumedValid, let vouched = tree.candidate(hash),
            isPlanned(vouched), isPlanned(header),
            header.header.height <= vouched.header.height,
            let each = try? rules.target(of: tree.best.header.bits).work,
            let above = tree.best.header.chainWork.subtracting(header.header.chainWork)
        else { return false }
        let blocks = UInt128(Self.blocksOnTop(policy, network))
        let (wanted, overflow) = each.rawValue.multipliedReportingOverflow(by: blocks)
        return !overflow && above.rawValue >= wanted
    }

    /// Judges the entries of a block by all rules but those of signatures and stamps.
    mutating func assume(
        _ body: BlockBody,
        of hash: Digest,
        from handle: PeerHandle?
    ) throws(StoreFailure) {
        var entries: [ValidEntry] = []
        entries.reserveCapacity(body.entries.count)
        for entry in body.entries {
            do throws(EntryViolation) {
                entries.append(try ValidEntry(assuming: entry, on: network))
            } catch {
                unreserve(hash)
                try condemn(hash)
                blame(handle, for: hash)
                return
            }
        }
        ready[hash] = ReadyBlock(entries: entries, peer: handle)
    }
}
