import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

extension World {
    /// Does what a dishonest peer does of its own accord.
    mutating func act(_ index: Int) {
        let ready = strangers[index].ready
        guard !ready.isEmpty else { return }
        let handle = strangers[index].chance.pick(ready)
        switch strangers[index].behavior {
        case .garbage:
            let count = strangers[index].chance.pick([3, 700, 70_000])
            let type = UInt8(strangers[index].chance.below(256))
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: count) }
            send(.message(type: type, body: bytes), over: handle, from: members.count + index)
        case .pingFlood: ping(handle, index)
        case .unknownFlood:
            for _ in 0..<100 {
                send(.message(type: 0xee, body: [1]), over: handle, from: members.count + index)
            }
        case .addressFlood: tellOfNodes(handle, index)
        case .inventoryFlood:
            flood(handle, index, count: 4) { number in
                .inventory((0..<200).map { SHA256.hash(Array("none \(number) \($0)".utf8)) })
            }
        case .neverReads: askForAll(handle, index)
        case .neverDelivers, .unaskedEntries, .forgedEntries, .manyStamps, .orphanEntries,
            .equivocation:
            deceive(handle, index)
        case .noWork, .gaps, .future, .parentTime, .equalTips, .selfish:
            showHeaders(handle, index)
        case .lowWork: claimWork(handle, index)
        case .lengthLies, .brokenRule, .badPush: mineBadly(handle, index)
        case .neverServes, .slowBodies, .mutatedBodies: showTip(handle, index)
        case .wrongChain, .silent, .helloTwice, .eclipse: break
        }
    }

    private mutating func flood(
        _ handle: PeerHandle,
        _ index: Int,
        count: Int,
        _ make: (UInt64) -> Message
    ) {
        for _ in 0..<count { say(make(strangers[index].chance.next()), handle, by: index) }
    }

    private mutating func ping(_ handle: PeerHandle, _ index: Int) {
        let claim = TipClaim(hash: network.chain, height: .genesis, work: .zero)
        flood(handle, index, count: 100) { .ping(Ping(nonce: $0, tip: claim)) }
    }

    private mutating func tellOfNodes(_ handle: PeerHandle, _ index: Int) {
        var records: [NodeRecord] = []
        for _ in 0..<3 {
            let key = SimulatedKey("nobody \(strangers[index].chance.below(50))")
            let host = UInt32(
                truncatingIfNeeded: 0x0c00_0000 + strangers[index].chance.below(1 << 20)
            )
            let draft = NodeRecordDraft(
                flags: [.full, .dialable],
                signedAt: now,
                validity: 24 * 60 * 60 * 1_000,
                servesFrom: .genesis,
                addresses: [PeerAddress(version4: host, port: 7_181)]
            )
            guard let signer = try? key.signingKey(),
                let record = try? draft.signed(by: signer, chain: network.chain)
            else { continue }
            records.append(record)
        }
        for _ in 0..<20 { say(.peers(records), handle, by: index) }
    }

    /// Asks for what is long, again and again.
    private mutating func askForAll(_ handle: PeerHandle, _ index: Int) {
        guard let patron else { return }
        let chain = ChainReader(members[patron].disk.unfailing, network: network)
        var hashes: [Digest] = []
        var height = (try? chain.tip())?.height
        while let above = height, above > .genesis, hashes.count < 16 {
            if let header = (try? chain.header(at: above)) ?? nil { hashes.append(header.hash) }
            height = above.previous
        }
        for _ in 0..<20 {
            say(.getHeaders([network.chain]), handle, by: index)
            if !hashes.isEmpty { say(.getBlocks(hashes), handle, by: index) }
            say(.getPeers(maximum: Limits.peers), handle, by: index)
        }
    }

    /// Announces a tip with more work than there is.
    private mutating func claimWork(_ handle: PeerHandle, _ index: Int) {
        let work = Work(rawValue: 1 << 100)
        let claim = TipClaim(hash: .zero, height: Height(30_000_000), work: work)
        say(.ping(Ping(nonce: strangers[index].chance.next() | 1, tip: claim)), handle, by: index)
    }

    /// Announces the tip of the best chain, as if it were to be had here.
    private mutating func showTip(_ handle: PeerHandle, _ index: Int) {
        guard let patron, let tip = members[patron].node?.tip else { return }
        let claim = TipClaim(
            hash: tip.hash,
            height: tip.header.height,
            work: tip.header.chainWork
        )
        say(.ping(Ping(nonce: strangers[index].chance.next() | 1, tip: claim)), handle, by: index)
    }

    // Answers.

    mutating func hear(_ index: Int, _ handle: PeerHandle, _ type: UInt8, _ body: [UInt8]) {
        guard let contact = strangers[index].contacts[handle],
            let message = try? Message.decode(
                type: type,
                body: body,
                parameters: network.parameters
            )
        else { return }
        if case .hello = message, !contact.isReady { return greet(handle, by: index) }
        guard strangers[index].behavior != .silent else { return }
        switch message {
        case .ping(let ping): say(.pong(nonce: ping.nonce), handle, by: index)
        case .getPeers: say(.peers([]), handle, by: index)
        case .getHeaders(let locator): serveHeaders(locator, handle, index)
        case .getBlocks(let hashes): serveBodies(hashes, handle, index)
        case .getEntries(let leaves): serveEntries(leaves, handle, index)
        default: break
        }
    }

    private mutating func serveHeaders(_ locator: [Digest], _ handle: PeerHandle, _ index: Int) {
        guard strangers[index].behavior != .eclipse, let patron else {
            guard let first = network.genesis.height.next else { return }
            let none = HeaderBatch(start: first, parent: network.chain, items: [])
            return say(.headers(none), handle, by: index)
        }
        guard strangers[index].behavior != .lowWork else { return showLittleWork(handle, index) }
        let chain = ChainReader(members[patron].disk.unfailing, network: network)
        let known = locator.lazy.compactMap { (try? chain.height(of: $0)) ?? nil }.first
        var parent = known.flatMap { (try? chain.header(at: $0)) ?? nil } ?? network.genesis
        guard let start = parent.height.next else { return }
        let hash = parent.hash
        var items: [CompactHeader] = []
        while items.count < 200, let next = parent.height.next,
            let header = (try? chain.header(at: next)) ?? nil,
            let item = compact(header, after: parent)
        {
            items.append(item)
            parent = header
        }
        say(.headers(HeaderBatch(start: start, parent: hash, items: items)), handle, by: index)
    }

    func compact(_ header: Header, after parent: Header) -> CompactHeader? {
        CompactHeader(
            header,
            after: parent.time,
            minimumSpacing: network.parameters.minimumSpacing
        )
    }

    private mutating func serveBodies(_ hashes: [Digest], _ handle: PeerHandle, _ index: Int) {
        let behavior = strangers[index].behavior
        guard behavior != .neverServes, behavior != .badPush else { return }
        for (place, hash) in hashes.enumerated() {
            guard behavior != .slowBodies || place == 0 else { return }
            guard var body = strangers[index].bodies[hash] ?? honestBody(hash) else {
                say(.missingBlocks([hash]), handle, by: index)
                continue
            }
            if behavior == .mutatedBodies, !body.isEmpty { body[body.count - 1] ^= 1 }
            say(.block(hash: hash, body: body), handle, by: index)
        }
    }

    private func honestBody(_ hash: Digest) -> [UInt8]? {
        guard let patron else { return nil }
        let chain = ChainReader(members[patron].disk.unfailing, network: network)
        guard let height = (try? chain.height(of: hash)) ?? nil else { return nil }
        return try? chain.body(at: height)
    }

    private mutating func serveEntries(_ leaves: [Digest], _ handle: PeerHandle, _ index: Int) {
        guard strangers[index].behavior != .neverDelivers else { return }
        let found = leaves.compactMap { strangers[index].entries[$0] }
        let absent = leaves.filter { strangers[index].entries[$0] == nil }
        for message in Message.deliveries(of: found) + Message.missing(entries: absent) {
            say(message, handle, by: index)
        }
    }
}
