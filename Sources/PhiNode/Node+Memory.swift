import PhiChain

extension Node {
    /// Bytes of memory that things take beside their own bytes, as measured with full caches.
    private enum Cost {
        static var pooledEntry: Int { 900 }
        static var header: Int { 640 }
        static var wantedEntry: Int { 320 }
        static var leafHash: Int { 64 }
        static var judgedEntry: Int { 256 }
        static var record: Int { 1_024 }
    }

    /// Links that there can be at once, an extra one and a feeler included.
    var linkLimit: Int {
        policy.inboundPeers + policy.outboundPeers + policy.quietPeers + calls.manualCount + 2
    }

    /// What the node holds for peers and because of them; a few steps for each peer.
    public var memory: MemoryUse {
        var use = MemoryUse()
        use.set(
            .pool,
            bytes: pool.byteCount + pool.count * Cost.pooledEntry,
            limit: policy.poolBytes + policy.poolEntries * Cost.pooledEntry
        )
        use.set(
            .orphans,
            bytes: orphans.bytes + orphans.count * OrphanEntries.overhead,
            limit: policy.orphanBytes / 284 * (284 + OrphanEntries.overhead)
        )
        use.set(
            .blocks,
            bytes: Int(clamping: reservedBytes),
            limit: Int(clamping: policy.blockBytes)
        )
        use.set(
            .headers,
            bytes: tree.count * Cost.header,
            limit: BlockTree<Store>.candidateLimit * Cost.header
        )
        use.set(
            .wanted,
            bytes: wanted.count * Cost.wantedEntry + wantedOrder.count * Cost.leafHash,
            limit: policy.wantedEntries * (Cost.wantedEntry + 2 * Cost.leafHash)
        )
        use.set(
            .judgements,
            bytes: bytesInJudgement + entriesInJudgement * Cost.judgedEntry,
            limit: policy.bytesInJudgement + policy.entriesInJudgement * Cost.judgedEntry
        )
        let told = peers.values.reduce(0) {
            $0 + $1.known.count * RollingSet.byteCountPerHash
                + $1.announcements.count * Cost.leafHash
        }
        let toldLimit =
            policy.knownPerPeer * RollingSet.byteCountPerHash
            + policy.announcementsPerPeer * Cost.leafHash
        use.set(.known, bytes: told, limit: linkLimit * toldLimit)
        use.set(
            .settled,
            bytes: settledLeaves.count * RollingSet.byteCountPerHash,
            limit: policy.rememberedLeaves * RollingSet.byteCountPerHash
        )
        use.set(
            .records,
            bytes: book.count * Cost.record,
            limit: AddressBook.capacity * Cost.record
        )
        return use
    }
}
