import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

extension World {
    static func diskSeed(_ scenario: Scenario, _ index: Int) -> UInt64 {
        var chance = SeededChance(seed: scenario.seed, for: .disk, index)
        return chance.next()
    }

    /// Starts everything that the scenario plans.
    mutating func begin() {
        var chance = SeededChance(seed: scenario.seed, for: .node, 0xffff)
        for index in members.indices {
            let isLate = index > 0 && chance.percent(10)
            let delay = isLate ? chance.below(scenario.duration) : chance.below(300)
            queue.add(.start(member: index, incarnation: 0), at: now.adding(milliseconds: delay))
            scheduleMining(index)
        }
        for (index, fault) in scenario.faults.enumerated() {
            queue.add(
                .fault(index: index, phase: 0),
                at: now.adding(milliseconds: fault.start)
            )
        }
        for index in strangers.indices {
            queue.add(.mischief(index), at: now.adding(milliseconds: 500 + chance.below(5_000)))
        }
        queue.add(.write, at: now.adding(milliseconds: 500))
    }

    /// Does the next thing.
    ///
    /// - Returns: Whether there was one before a time, and no rule is broken.
    mutating func advance(to end: Timestamp) -> Bool {
        guard checker.violation == nil, let time = queue.nextTime, time <= end,
            let (moment, item) = queue.next()
        else {
            if checker.violation == nil { now = max(now, end) }
            return false
        }
        now = moment
        handle(item)
        return true
    }

    private mutating func handle(_ item: Item) {
        switch item {
        case .event(let index, let incarnation, let event):
            guard members[index].incarnation == incarnation else { return }
            tell(index, event)
        case .rest(let index, let incarnation, let effects):
            guard members[index].incarnation == incarnation else { return }
            perform(effects, of: index)
            drain(index)
        case .arrival(let link, let end, let frame): arrived(frame, at: end, of: link)
        case .reading(let link, let end): readOn(link, end)
        case .silence(let link, let end): listen(link, end)
        case .mine(let index, let generation):
            guard generation == miners.generation else { return }
            mine(index)
            scheduleMining(index)
        case .write: write()
        case .fault(let index, let phase): strike(index, phase)
        case .start(let index, let incarnation):
            guard members[index].incarnation == incarnation, members[index].node == nil else {
                return
            }
            start(index)
        case .mischief(let index): mischief(index)
        }
    }

    /// Brings a node up from its disk, or tries again later where the disk fails.
    mutating func start(_ index: Int) {
        members[index].incarnation += 1
        members[index].hasPower = true
        members[index].isBusy = false
        members[index].inbox = []
        members[index].pending = 0
        members[index].haltReason = nil
        var chance = SeededChance(
            seed: scenario.seed,
            for: .node,
            (index + 1) << 16 + members[index].incarnation
        )
        do {
            members[index].node = try Node(
                store: members[index].disk,
                network: network,
                identity: members[index].key.verifyingKey,
                policy: members[index].policy,
                seed: chance.next()
            )
        } catch { return halted(index, .store(error)) }
        checker.started(index, disk: members[index].disk)
        narrate(index, "starts")
        trace.absorb(0xA0)
        trace.absorb(UInt64(index))
        step(index, .started(ownRecord: scenario.hasRecords ? record(of: index) : nil))
        for other in members[index].named {
            tell(
                index,
                .addPeer(members[other].address, members[other].key.verifyingKey, via: .manual)
            )
        }
    }

    private func record(of index: Int) -> NodeRecord? {
        let member = members[index]
        let draft = NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: member.clock(now),
            validity: 24 * 60 * 60 * 1_000,
            servesFrom: .genesis,
            addresses: [member.address]
        )
        return try? draft.signed(by: member.key.signingKey(), chain: network.chain)
    }

    /// Tells a node something, now or when it has time.
    mutating func tell(_ index: Int, _ event: Event) {
        guard members[index].node != nil else { return }
        if members[index].isBusy {
            members[index].inbox.append(event)
        } else {
            step(index, event)
            drain(index)
        }
    }

    /// Deals with what came while the node was busy.
    mutating func drain(_ index: Int) {
        while !members[index].isBusy, members[index].node != nil, checker.violation == nil,
            !members[index].inbox.isEmpty
        {
            step(index, members[index].inbox.removeFirst())
        }
    }

    private mutating func step(_ index: Int, _ event: Event) {
        switch event {
        case .resume, .judged: members[index].pending -= 1
        default: break
        }
        let clock = members[index].clock(now)
        guard var effects = members[index].node?.step(event, at: clock) else { return }
        tally.steps += 1
        trace.absorb(now.milliseconds)
        trace.absorb(UInt64(index))
        if let tamper = hooks.tamper { effects = tamper(index, effects) }
        narrate(index, event, effects)
        perform(effects[...], of: index)
    }

    /// Carries effects out in their order; a slow disk or a crash may come between two of them.
    mutating func perform(_ effects: ArraySlice<Effect>, of index: Int) {
        let incarnation = members[index].incarnation
        members[index].isBusy = true
        var effects = effects
        while let effect = effects.popFirst() {
            if case .commit(let batch, let durable) = effect {
                write(batch, durable: durable, of: index)
                guard members[index].incarnation == incarnation, members[index].node != nil
                else { return }
                let delay = durable ? networkChance.draw(members[index].flushDelay) : 0
                if delay > 0 {
                    return queue.add(
                        .rest(member: index, incarnation: incarnation, effects),
                        at: now.adding(milliseconds: delay)
                    )
                }
            } else {
                carryOut(effect, of: index)
                guard members[index].incarnation == incarnation, members[index].node != nil
                else { return }
            }
        }
        members[index].isBusy = false
        check(index)
    }
}
