import PhiCrypto
import PhiLedger
import PhiWire

extension Node {
    /// Charges a message to its sender, where the sender sent it of its own accord.
    ///
    /// - Returns: Whether the message is to be handled.
    mutating func admits(_ message: Message, from handle: PeerHandle) -> Bool {
        guard let toll = toll(of: message, from: handle) else { return true }
        if toll.kind == .strays { note(.stray) }
        return charge(handle, toll.kind, toll.cost)
    }

    /// Charges a peer and, where it sends too fast, lets nothing more be read from it for a while.
    ///
    /// - Returns: Whether what was charged is to be handled.
    @discardableResult
    mutating func charge(_ handle: PeerHandle, _ kind: MeterClass, _ cost: UInt64) -> Bool {
        let (policy, now) = (policy, now)
        let verdict = peers[handle]?.metering.charge(kind, cost, policy: policy, now: now)
        switch verdict {
        case nil: return false
        case .within: return true
        case .over(let until, let isNews, let wasEmpty):
            effects.append(.pause(handle, until: until))
            if isNews { effects.append(.report(.limited(handle, kind))) }
            return kind.isService || !wasEmpty
        case .exhausted:
            close(handle, .rate(kind))
            return false
        }
    }

    /// What a message costs its sender; nil where it was asked for.
    private mutating func toll(
        of message: Message,
        from handle: PeerHandle
    ) -> (kind: MeterClass, cost: UInt64)? {
        guard let peer = peers[handle] else { return nil }
        switch message {
        case .hello: return nil
        case .ping: return (.pings, 1)
        case .pong(let nonce): return peer.pingNonce == nonce ? nil : (.pings, 1)
        case .record: return (.records, 1)
        case .getPeers: return (.recordQueries, 1)
        case .peers(let records): return (.records, UInt64(records.count))
        case .getHeaders: return (.headerQueries, 1)
        case .headers(let batch):
            return peer.headersRequest == nil ? (.headers, UInt64(batch.items.count)) : nil
        case .getBlocks(let hashes):
            return (.blockQueries, Self.readCost * UInt64(hashes.count))
        case .block(let hash, let body):
            return isExpected(hash, of: peer) ? nil : (.strays, UInt64(body.count))
        case .missingBlocks(let hashes): return (.strays, Self.hashCost * UInt64(hashes.count))
        case .inventory(let leaves): return (.inventories, UInt64(leaves.count))
        case .getEntries(let leaves): return (.entryQueries, UInt64(leaves.count))
        case .entries(let entries):
            guard entries.count > peer.entriesInFlight else { return nil }
            return (.strays, entries.reduce(0) { $0 + UInt64($1.bytes.count) })
        case .missingEntries(let leaves): return (.strays, Self.hashCost * UInt64(leaves.count))
        case .compactBlock: return (.compactBlocks, 1)
        case .getBlockEntries(_, let indexes):
            return (.blockQueries, Self.readCost * UInt64(indexes.count))
        case .blockEntries(let block, let entries):
            guard assemblies[block]?.peer != handle else { return nil }
            return (.strays, entries.reduce(0) { $0 + UInt64($1.bytes.count) })
        case .relayMode: return (.relayModes, 1)
        case .sketch: return (.sketches, 1)
        case .buckets(let listing):
            let leaves = listing.buckets.reduce(0) { $0 + $1.leaves.count }
            let all = UInt64(leaves + listing.buckets.count * Reconciliation.bucketAim)
            guard let cost = peers[handle]?.metering.unexpected(all), cost > 0 else { return nil }
            return (.inventories, cost)
        }
    }

    /// Whether a peer owes a block, in whole or its missing entries.
    private func isExpected(_ block: Digest, of peer: Peer) -> Bool {
        peer.blocks[block] != nil || assemblies[block]?.peer == peer.handle
    }

    /// Bytes of a block that looking for it costs.
    private static var readCost: UInt64 { 4_096 }
    /// Bytes of a stray that each hash in it costs.
    private static var hashCost: UInt64 { 32 }
}
