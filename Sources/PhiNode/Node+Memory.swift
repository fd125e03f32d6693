import PhiChain
import PhiConsensus
import PhiLedger
import PhiWire

extension Node {
    /// Bytes of memory that things take beside their own bytes, as measured with full caches.
    private enum Cost {
        static var pooledEntry: Int { 700 }
        /// The name of a promised entry; twice a pool's are never more than a full pool with its own.
        static var promise: Int { 32 }
        static var header: Int { 640 }
        /// The stretches of a chain-year in which each second has its block.
        static var presync: Int { 512 << 10 }
        static var shortID: Int { 64 }
        static var wantedEntry: Int { 192 }
        static var leafHash: Int { 64 }
        static var announcement: Int { 53 }
        static var judgedEntry: Int { 256 }
        static var offer: Int { 160 }
        static var record: Int { 1_024 }
        /// A body of the shortest entries takes seven quarters of its bytes when it is decoded.
        static var quartersOfBody: UInt64 { 7 }
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
            bytes: pool.byteCount + pool.count * Cost.pooledEntry
                + toRestore.count * Cost.promise,
            limit: policy.poolBytes + policy.poolEntries * (Cost.pooledEntry + Cost.promise)
        )
        use.set(
            .orphans,
            bytes: orphans.bytes + orphans.count * OrphanEntries.overhead,
            limit: policy.orphanBytes / 284 * (284 + OrphanEntries.overhead)
        )
        use.set(
            .blocks,
            bytes: Int(clamping: reservedBytes / 4 * Cost.quartersOfBody),
            limit: Int(clamping: policy.blockBytes / 4 * Cost.quartersOfBody)
        )
        use.set(
            .headers,
            bytes: tree.count * Cost.header,
            limit: BlockTree<Store>.candidateLimit * Cost.header
        )
        let run = Int(Limits.headers) * MemoryLayout<ValidHeader>.stride
        use.set(
            .presync,
            bytes: headerSyncBytes,
            limit: (policy.presyncs + 1) * Cost.presync + policy.stretchesAhead * run
        )
        use.set(
            .assemblies,
            bytes: assemblies.values.reduce(0) {
                $0 + Int($1.header.header.bodyBytes)
                    + Int($1.header.header.entryCount) * Cost.shortID
            },
            limit: policy.assemblies
                * (Limits.blockBodyByteCount + Limits.blockBodyByteCount / 284 * Cost.shortID)
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
                + $1.announcements.count * Cost.announcement
                + $1.relay.offers.count * Cost.offer
        }
        let toldLimit =
            policy.knownPerPeer * RollingSet.byteCountPerHash
            + policy.announcementsPerPeer * Cost.announcement
            + RecentOffers.limit * Cost.offer
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
