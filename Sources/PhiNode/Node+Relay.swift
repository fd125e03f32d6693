import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Plans to tell all peers of an entry, each after a delay of its own.
    mutating func announce(_ leaf: Digest, except handle: PeerHandle?) {
        for other in readyPeers where other != handle {
            guard var peer = peers[other], peer.sharesEntries, !peer.known.contains(leaf)
            else { continue }
            guard peer.announcements.count < policy.announcementsPerPeer else { continue }
            peer.announcements.append(leaf)
            if peer.announceAt == nil {
                let mean = peer.isInbound ? policy.inboundRelayDelay : policy.outboundRelayDelay
                peer.announceAt = now.adding(milliseconds: chance.delay(mean: mean))
            }
            peers[other] = peer
        }
    }

    /// Sends the announcements whose time has come.
    mutating func flushAnnouncements() {
        for handle in readyPeers {
            guard let peer = peers[handle], let at = peer.announceAt, at <= now else { continue }
            let leaves = peer.announcements.filter {
                !peer.known.contains($0) && pool.contains(leaf: $0)
            }
            let now = now
            for leaf in leaves {
                peers[handle]?.known.insert(leaf)
                peers[handle]?.relay.offers.offer(leaf, at: now)
            }
            peers[handle]?.announcements = []
            peers[handle]?.announceAt = nil
            for message in Message.inventories(of: leaves) { send(message, to: handle) }
        }
    }

    /// Compares the pool with a peer's, so that what an announcement lost is found.
    mutating func reconcile(with handle: PeerHandle) {
        let units = policy.meterRates.inventories.burst
        peers[handle]?.metering.expectListings(units)
        let leaves = pool.leaves()
        let logarithm = Reconciliation.logarithm(forCount: leaves.count)
        send(.sketch(Reconciliation.sketch(of: leaves, logarithm: logarithm)), to: handle)
    }

    /// Answers a sketch with the entries here in the buckets that differ.
    ///
    /// A short sketch can draw a long answer, so each peer gets one in half an interval.
    mutating func compare(_ sketch: Sketch, of handle: PeerHandle) {
        guard peers[handle]?.relay.isQuiet == false else { return }
        if let last = peers[handle]?.sketchAnsweredAt,
            now.since(last) < policy.reconcileInterval / 2
        {
            return
        }
        let answered = now
        peers[handle]?.sketchAnsweredAt = answered
        for listing in Reconciliation.answer(to: sketch, with: pool.leaves()) {
            send(.buckets(listing), to: handle)
        }
    }

    /// Wants what only the peer has, and announces what only this node has.
    mutating func reconcile(_ listing: BucketListing, with handle: PeerHandle) {
        let (lacking, surplus) = Reconciliation.difference(between: listing, and: pool.leaves())
        announced(lacking, by: handle)
        guard peers[handle]?.relay.isQuiet == false else { return }
        for message in Message.inventories(of: surplus) { send(message, to: handle) }
    }
}
