import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

extension World {
    private mutating func fail(_ invariant: Invariant, _ member: Int, _ detail: String) {
        checker.fail(invariant, member, detail, at: now)
    }

    /// Looks at a node after a step, when all that it wanted is done.
    mutating func check(_ index: Int) {
        guard checker.violation == nil, members[index].node != nil else { return }
        checker.records[index].checks += 1
        let isThorough = checker.records[index].checks % 64 == 0
        checkChain(index, isThorough: isThorough)
        checkWork(index)
        checkEntries(index, isThorough: isThorough)
        checkMemory(index)
    }

    /// Looks at every node as thoroughly as can be.
    mutating func checkAll() {
        for index in members.indices where members[index].node != nil {
            checker.records[index].tip = nil
            checkChain(index, isThorough: true)
            checkWork(index)
            checkEntries(index, isThorough: true)
            checkMemory(index)
        }
    }

    // The chain and its records.

    private mutating func checkChain(_ index: Int, isThorough: Bool) {
        guard let tip = members[index].node?.tip else { return }
        let sum = members[index].disk.chainFingerprint
        let hasMoved = checker.records[index].tip != tip.hash
        if !hasMoved, checker.records[index].fingerprint != sum {
            fail(.equalStates, index, "the records changed under the tip \(tip.hash)")
        }
        guard hasMoved || isThorough else { return }
        let stored = ChainReader(members[index].disk.unfailing, network: network)
        if (try? stored.tip())?.hash != tip.hash {
            fail(.equalStates, index, "the disk names another tip than \(tip.hash)")
        }
        checker.records[index].tip = tip.hash
        checker.records[index].fingerprint = sum
        if let other = checker.states[tip.hash], other != sum {
            fail(.equalStates, index, "another node has other records with the tip \(tip.hash)")
        }
        checker.states[tip.hash] = sum
        checkReplay(index, tip, sum)
        checkReceipts(index, tip)
    }

    private mutating func checkReplay(_ index: Int, _ tip: ValidHeader, _ sum: UInt64) {
        guard checker.looks(at: .replay) || checker.looks(at: .uniqueSequences) else { return }
        let chain = ChainReader(members[index].disk.unfailing, network: network)
        do {
            let expected = try checker.replayer.fingerprint(of: tip, from: chain)
            if expected != sum {
                fail(.replay, index, "the records are not those that the blocks lead to")
            }
        } catch {
            if case .sequence(let height, let number) = error {
                fail(
                    .uniqueSequences,
                    index,
                    "number \(number) at height \(height.rawValue) does not follow"
                )
            } else {
                fail(.replay, index, "the chain cannot be built anew: \(error)")
            }
        }
    }

    private mutating func checkWork(_ index: Int) {
        guard members[index].pending == 0, let tip = members[index].node?.tip else { return }
        let work = tip.header.chainWork
        let record = checker.records[index]
        if work < record.settledWork {
            fail(.risingWork, index, "the tip has less work than the one before")
        }
        checker.records[index].settledWork = work
        guard record.heaviestSide > work, isAheadComplete(index, work) else {
            checker.records[index].lightSince = nil
            return
        }
        let since = record.lightSince ?? now
        checker.records[index].lightSince = since
        if now.since(since) > 60_000 {
            fail(.mostWork, index, "for a minute a heavier branch lies complete beside the chain")
        }
    }

    /// Whether all blocks of a heavier branch lie on the disk, and none is known to be wrong.
    private func isAheadComplete(_ index: Int, _ work: Work) -> Bool {
        let side = checker.records[index].side
        for (hash, block) in side.sorted(by: { $0.key < $1.key }) where block.work > work {
            var current = hash
            while let found = side[current], !checker.invalid.contains(current) {
                current = found.parent
            }
            if checker.invalid.contains(current) { continue }
            if current == network.chain
                || members[index].disk.record(
                    for: Schema.height.key(current.bytes)
                ) != nil
            {
                return true
            }
        }
        return false
    }

    // Entries.

    private mutating func checkEntries(_ index: Int, isThorough: Bool) {
        var ids = checker.records[index].touched
        checker.records[index].touched = []
        if isThorough {
            ids += checker.records[index].fates.keys.sorted()
            ids += members[index].node?.pooled(.all(limit: 10_000)).map(\.valid.id) ?? []
        }
        for id in ids {
            let isRecorded = members[index].disk.record(for: Schema.position.key(id.bytes)) != nil
            if isRecorded, members[index].node?.pooled(.entry(id)).isEmpty == false {
                fail(.disjointPool, index, "the entry \(id) waits and is recorded")
            }
            guard checker.records[index].fates[id] == .kept, !isRecorded,
                !members[index].mayForget
            else { continue }
            if members[index].disk.record(for: Schema.pooled.key(id.bytes)) == nil {
                fail(.acknowledged, index, "the acknowledged entry \(id) is nowhere")
            }
        }
    }

    mutating func replied(
        _ token: RequestToken,
        _ answer: Result<Digest, SubmitRefusal>,
        by index: Int
    ) {
        guard let id = checker.asked.removeValue(forKey: token) else { return }
        trace.absorb(id.leadingNumber)
        guard case .success = answer else { return }
        tally.acknowledged += 1
        checker.accepted.insert(id)
        checker.records[index].fates[id] = .kept
        let disk = members[index].disk
        guard !members[index].mayForget else { return }
        if disk.durableRecord(for: Schema.pooled.key(id.bytes)) == nil,
            disk.durableRecord(for: Schema.position.key(id.bytes)) == nil
        {
            fail(.acknowledged, index, "the entry \(id) was acknowledged before it was safe")
        }
    }

    // Memory, blame.

    private mutating func checkMemory(_ index: Int) {
        guard checker.records[index].checks % 4 == 0, checker.looks(at: .memory),
            var use = members[index].node?.memory
        else { return }
        if let hook = checker.hooks.memory { use = hook(use) }
        for part in use.excess {
            fail(
                .memory,
                index,
                "\(part.rawValue) holds \(use.bytes(of: part)) of \(use.limit(of: part)) bytes"
            )
        }
    }

    mutating func ended(_ handle: PeerHandle, _ reason: DisconnectReason, by index: Int) {
        if case .misbehavior(let misdeed) = reason { blame(misdeed, handle, by: index) }
    }

    mutating func reported(_ report: NodeReport, by index: Int) {
        switch report {
        case .discouraged(let handle, let misdeed): blame(misdeed, handle, by: index)
        case .invalidBlock(let hash, let failure):
            checker.invalid.insert(hash)
            if strangers.isEmpty {
                fail(.blame, index, "the honest block \(hash) is refused: \(failure)")
            }
        case .reorganized(let depth, _): tally.deepest = max(tally.deepest, depth)
        case .limited, .incident: break
        }
    }

    private mutating func blame(_ misdeed: Misbehavior, _ handle: PeerHandle, by index: Int) {
        let link = callers[Int(handle / 2)]
        let other = link.caller == index ? link.called : link.caller
        guard other < members.count else { return }
        fail(.blame, index, "the honest node \(other) is blamed for \(misdeed.rawValue)")
    }

    // Receipts.

    /// Blocks on top of one whose receipts are to stay true.
    private static var receiptDepth: UInt32 { 60 }

    private mutating func checkReceipts(_ index: Int, _ tip: ValidHeader) {
        guard checker.looks(at: .receipts) else { return }
        for held in checker.records[index].receipts {
            let key = Schema.header.key(bigEndian(held.height))
            let bytes = members[index].disk.record(for: key) ?? []
            guard let header = try? Header(decoding: bytes), header.hash == held.block else {
                fail(.receipts, index, "a receipt of height \(held.height.rawValue) is not true")
                return
            }
        }
        let height = tip.header.height
        guard height.rawValue > Self.receiptDepth, height.rawValue % 10 == 0,
            checker.records[index].receipts.count < 8
        else { return }
        let deep = Height(height.rawValue - Self.receiptDepth)
        if let failure = makeReceipt(index, at: deep, tip: height) {
            fail(.receipts, index, "the receipt of height \(deep.rawValue) is refused: \(failure)")
        }
    }

    private func bigEndian(_ height: Height) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: height.rawValue)
        return bytes
    }
}
