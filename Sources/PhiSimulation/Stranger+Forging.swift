import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

extension World {
    /// Tells of entries that are wrong, or rightly of entries that it keeps.
    mutating func deceive(_ handle: PeerHandle, _ index: Int) {
        let pooled = patron.flatMap { members[$0].node?.pooled(.all(limit: 20)) } ?? []
        let real = pooled.map(\.valid.entry)
        var made: [Entry] = []
        switch strangers[index].behavior {
        case .neverDelivers: made = real
        case .unaskedEntries:
            for message in Message.deliveries(of: real) { say(message, handle, by: index) }
            return
        case .forgedEntries:
            for entry in real.prefix(2) {
                var bytes = entry.bytes
                let place = strangers[index].chance.pick([80, 205, 240, 270, 280, bytes.count - 1])
                bytes[place] ^= 1 << UInt8(strangers[index].chance.below(8))
                let limit = network.parameters.maximumPayloadBytes
                if let forged = try? Entry(decoding: bytes, payloadLimit: limit) {
                    made.append(forged)
                }
            }
        case .manyStamps: made = ownEntries(index).prefix(1).flatMap(restamped)
        default: made = ownEntries(index)
        }
        for entry in made { strangers[index].entries[entry.leaf] = entry }
        guard !made.isEmpty else { return }
        if [.equivocation, .manyStamps].contains(strangers[index].behavior) {
            // Of two rivals each goes to every second node.
            for (place, other) in strangers[index].ready.enumerated() {
                let rival = made[place % made.count]
                say(.inventory([rival.leaf]), other, by: index)
            }
        } else {
            say(.inventory(made.map(\.leaf)), handle, by: index)
        }
    }

    /// One entry under four stamps, all of them right.
    private func restamped(_ entry: Entry) -> [Entry] {
        (0..<4).compactMap { (number: UInt64) in
            let range = number << 40..<(number + 1) << 40
            guard let nonce = Stamp.search(id: entry.id, work: entry.stampWork, in: range) else {
                return nil
            }
            return entry.restamped(work: entry.stampWork, nonce: nonce)
        }
    }

    /// Two entries of its own, signed for one place, or for places after nothing.
    private mutating func ownEntries(_ index: Int) -> [Entry] {
        guard let patron, let meeting = writers.anyMeeting else { return [] }
        let chain = ChainReader(members[patron].disk.unfailing, network: network)
        let key = strangers[index].key
        let slot = AuthorSlot(meeting: meeting, author: key.verifyingKey)
        guard let tip = try? chain.tip(), let state = try? chain.author(slot) ?? AuthorState()
        else { return [] }
        let isOrphan = strangers[index].behavior == .orphanEntries
        let gap: UInt64 = isOrphan ? 1 + strangers[index].chance.below(5) : 0
        return (0..<2).compactMap { _ in
            var payload: [UInt8] = []
            for _ in 0..<2 { payload.append(littleEndian: strangers[index].chance.next()) }
            let draft = EntryDraft(
                kind: .message,
                chain: network.chain,
                meeting: meeting,
                author: key.verifyingKey,
                sequence: state.nextSequence + gap,
                previous: isOrphan ? SHA256.hash(payload) : state.lastID,
                anchorHeight: tip.height,
                anchorTail: AnchorTail(of: tip.hash),
                authorTime: network.genesis.time,
                payload: payload + [1, 97]
            )
            return sealed(draft, by: key)
        }
    }

    func sealed(_ draft: EntryDraft, by key: SimulatedKey) -> Entry? {
        let work = Stamp.minimumWork(
            kind: draft.kind,
            sequence: draft.sequence,
            payloadByteCount: UInt32(draft.payload.count),
            parameters: network.parameters
        )
        guard let nonce = Stamp.search(id: draft.id, work: work, in: 0..<(1 << 40)) else {
            return nil
        }
        return draft.assembled(signature: key.sign(draft.signedMessage), work: work, nonce: nonce)
    }

    // Headers.

    /// An empty child of a block, with its work.
    func emptyChild(of parent: ValidHeader, _ history: MerkleFrontier, time: Timestamp) -> Header? {
        let rules = HeaderRules(network)
        let earliest = rules.earliestTime(after: parent.header)
        guard
            let draft = try? rules.draft(
                after: parent,
                time: max(time, earliest),
                entryCount: 0,
                bodyBytes: 0,
                entriesRoot: MerkleTree.emptyRoot,
                historyRoot: history.root
            ), let target = try? rules.target(of: draft.bits)
        else { return nil }
        return SimulatedNetwork.mined(draft, target: target)
    }

    /// The best tip with the tree over all headers up to it.
    func bestTip() -> (tip: ValidHeader, history: MerkleFrontier)? {
        guard let patron, let tip = members[patron].node?.tip else { return nil }
        let chain = ChainReader(members[patron].disk.unfailing, network: network)
        guard var history = try? chain.historyFrontier(below: tip.header.height) else { return nil }
        history.append(leaf: tip.header.historyLeaf)
        return (tip, history)
    }

    mutating func showHeaders(_ handle: PeerHandle, _ index: Int) {
        guard let (tip, history) = bestTip() else { return }
        switch strangers[index].behavior {
        case .noWork:
            guard var header = emptyChild(of: tip, history, time: now),
                let target = try? HeaderRules(network).target(of: header.bits)
            else { return }
            while target.isMet(by: header.hash) { header.nonce += 1 }
            show([header], after: tip.header, handle, index)
        case .gaps:
            guard let header = emptyChild(of: tip, history, time: now) else { return }
            show([header, header], after: tip.header, handle, index)
        case .future:
            let ahead = UInt64(network.parameters.futureLimit) + 3_000
            let time = now.adding(milliseconds: ahead)
            guard let header = emptyChild(of: tip, history, time: time) else { return }
            show([header], after: tip.header, handle, index)
        case .parentTime:
            guard let sent = atParentTime(tip, history) else { return }
            show([sent], after: tip.header, handle, index)
        case .equalTips:
            let times = [now, now.adding(milliseconds: 1)]
            let rivals = times.compactMap { emptyChild(of: tip, history, time: $0) }
            for _ in 0..<3 {
                for rival in rivals { show([rival], after: tip.header, handle, index) }
            }
        default: withhold(index)
        }
    }

    /// A header that was mined at its parent's time.
    ///
    /// The compact form has no room for that time, so what is sent is another header with its nonce.
    private func atParentTime(_ tip: ValidHeader, _ history: MerkleFrontier) -> Header? {
        guard var sent = emptyChild(of: tip, history, time: now),
            let target = try? HeaderRules(network).target(of: sent.bits)
        else { return nil }
        var mined = sent
        mined.time = tip.header.time
        mined.nonce = 0
        sent.nonce = SimulatedNetwork.mined(mined, target: target).nonce
        return sent
    }

    /// Shows a branch from the first block on that has half the blocks there could be.
    mutating func showLittleWork(_ handle: PeerHandle, _ index: Int) {
        guard let (tip, _) = bestTip() else { return }
        var history = MerkleFrontier()
        history.append(leaf: network.genesis.historyLeaf)
        var last = ValidHeader(stored: network.genesis, hash: network.chain)
        var branch: [Header] = []
        let count = min(200, tip.header.height.rawValue / 2)
        for number in 0..<UInt64(count) {
            let pace = UInt64(network.parameters.blockInterval)
            let time = network.genesis.time.adding(milliseconds: (number + 1) * pace)
            guard time <= now, let header = emptyChild(of: last, history, time: time) else { break }
            branch.append(header)
            history.append(leaf: header.historyLeaf)
            last = ValidHeader(stored: header, hash: header.hash)
        }
        show(branch, after: network.genesis, handle, index)
    }

    private mutating func show(
        _ headers: [Header],
        after parent: Header,
        _ handle: PeerHandle,
        _ index: Int
    ) {
        var items: [CompactHeader] = []
        var last = parent
        for header in headers {
            // The compact form has no room for a time that is not after the parent's.
            guard let item = compact(header, after: header.time <= last.time ? parent : last)
            else { return }
            items.append(item)
            last = header
        }
        guard let start = parent.height.next else { return }
        let batch = HeaderBatch(start: start, parent: parent.hash, items: items)
        say(.headers(batch), handle, by: index)
    }

    /// Mines a branch for itself, and shows it when it is long enough or has fallen behind.
    private mutating func withhold(_ index: Int) {
        guard let (tip, history) = bestTip() else { return }
        if strangers[index].branchParent == nil {
            strangers[index].branchParent = tip
            strangers[index].branchTree = history
            strangers[index].branch = []
        }
        guard let root = strangers[index].branchParent else { return }
        let last =
            strangers[index].branch.last.map { ValidHeader(stored: $0, hash: $0.hash) } ?? root
        for _ in 0..<strangers[index].chance.index(3) {
            let above = strangers[index].branch.last.map { ValidHeader(stored: $0, hash: $0.hash) }
            guard
                let header = emptyChild(of: above ?? last, strangers[index].branchTree, time: now),
                header.time <= now.adding(milliseconds: 2_000)
            else { break }
            strangers[index].branch.append(header)
            strangers[index].branchTree.append(leaf: header.historyLeaf)
        }
        let isLong = strangers[index].branch.count > 4 + index * 6
        guard isLong, let end = strangers[index].branch.last else { return }
        if end.chainWork > tip.header.chainWork {
            for handle in strangers[index].ready {
                show(strangers[index].branch, after: root.header, handle, index)
            }
        }
        strangers[index].branchParent = nil
    }
}
