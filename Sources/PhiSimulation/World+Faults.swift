import PhiLedger
import PhiNode

extension World {
    /// A fault begins in phase 0 and ends in the last; those between are its moments.
    mutating func strike(_ place: Int, _ phase: Int) {
        let fault = scenario.faults[place]
        trace.absorb(0x1_0000 + UInt64(phase))
        var chance = SeededChance(seed: fault.seed)
        let victim = chance.index(members.count)
        let isBeginning = phase == 0
        narrate(victim, "fault \(place), \(fault.kind.rawValue), phase \(phase)")
        if isBeginning, fault.duration > 0, !isRepeated(fault.kind) {
            again(place, 1, after: fault.duration)
        }
        switch fault.kind {
        case .partition, .bridge, .oneWay: separate(fault, isBeginning, &chance)
        case .clog: clog(place, phase, &chance)
        case .breaks: breakLinks(place, phase, &chance)
        case .loss: weather.loss = isBeginning ? chance.draw(1...20) : 0
        case .delay: weather.delay = isBeginning ? chance.pick([100, 1_000, 5_000]) : 0
        case .duplicate: duplicate(&chance)
        case .skew, .jumps: setTime(place, phase, victim, &chance)
        case .hashRateUp: changeMining { $0.factor = isBeginning ? 100 : 1 }
        case .hashRateDown: changeMining { $0.divisor = isBeginning ? 100 : 1 }
        case .noHashRate: changeMining { $0.isOn = !isBeginning }
        case .hashGiant: changeMining { $0.giant = isBeginning ? victim : nil }
        case .crash, .powerLoss:
            if isBeginning { planCrash(victim, fault.kind == .powerLoss, &chance) }
        case .crashLoop: crashAgain(place, phase, victim)
        case .lostFlush: loseFlushes(isBeginning, victim, &chance)
        case .damagedReads: damageReads(isBeginning, victim, &chance)
        case .fullDisk:
            members[victim].disk.condition.isFull = isBeginning
            members[victim].mayHalt = members[victim].mayHalt || isBeginning
        case .slowDisk: members[victim].flushDelay = isBeginning ? 5...chance.draw(20...800) : 0...0
        case .slowJudge:
            members[victim].judging = isBeginning ? 50...chance.draw(100...4_000) : 0...3
        case .pause:
            if isBeginning { pause(victim, for: fault.duration) }
        }
    }

    private func isRepeated(_ kind: FaultKind) -> Bool {
        switch kind {
        case .clog, .breaks, .jumps, .crashLoop: true
        default: false
        }
    }

    mutating func again(_ place: Int, _ phase: Int, after wait: UInt64) {
        queue.add(.fault(index: place, phase: phase), at: now.adding(milliseconds: max(1, wait)))
    }

    /// Whether a fault with many moments has time for another.
    private func goesOn(_ place: Int) -> Bool { elapsed < scenario.faults[place].end }

    // The network.

    private mutating func separate(
        _ fault: Fault,
        _ isBeginning: Bool,
        _ chance: inout SeededChance
    ) {
        var sides = (0..<partyCount).map { _ in chance.index(2) }
        if Set(sides.prefix(members.count)).count < 2 { sides[0] = 1 - sides[0] }
        let middle = fault.kind == .bridge ? chance.index(partyCount) : nil
        for from in 0..<partyCount where from != middle {
            for to in 0..<partyCount where to != middle && sides[from] != sides[to] {
                guard fault.kind != .oneWay || sides[from] == 0 else { continue }
                blocks[from * partyCount + to] += isBeginning ? 1 : -1
            }
        }
        if !isBeginning {
            tally.healed += 1
            release()
        }
    }

    private mutating func clog(_ place: Int, _ phase: Int, _ chance: inout SeededChance) {
        let open = links.keys.sorted()
        for _ in 0..<(phase % 7) { _ = chance.next() }
        guard goesOn(place) else {
            for link in open { for end in 0..<2 { links[link]?.ends[end].isClogged = false } }
            return release()
        }
        if !open.isEmpty {
            let link = chance.pick(open)
            let end = chance.index(2)
            let isStuck = links[link]?.ends[end].isClogged ?? false
            links[link]?.ends[end].isClogged = !isStuck && phase % 3 != 2
            if isStuck { release() }
        }
        again(place, phase + 1, after: 200 + chance.below(3_000))
    }

    private mutating func breakLinks(_ place: Int, _ phase: Int, _ chance: inout SeededChance) {
        for _ in 0..<(phase % 11) { _ = chance.next() }
        guard goesOn(place) else { return }
        let open = links.keys.sorted()
        if !open.isEmpty {
            let link = chance.pick(open)
            if let ends = links[link]?.ends {
                let end = chance.index(2)
                close(link * 2 + UInt64(end), by: ends[end].party)
            }
        }
        again(place, phase + 1, after: 100 + chance.below(4_000))
    }

    /// Two nodes that know each other call each other once more.
    private mutating func duplicate(_ chance: inout SeededChance) {
        for _ in 0..<4 {
            let caller = chance.index(members.count)
            let called = chance.index(members.count)
            guard caller != called, members[caller].node != nil else { continue }
            dial(members[called].address, members[called].key.verifyingKey, from: caller)
        }
    }

    // Clocks.

    private mutating func setTime(
        _ place: Int,
        _ phase: Int,
        _ victim: Int,
        _ chance: inout SeededChance
    ) {
        for _ in 0..<(phase % 5) { _ = chance.next() }
        let kind = scenario.faults[place].kind
        guard phase == 0 || (kind == .jumps && goesOn(place)) else {
            members[victim].skew = 0
            return
        }
        let reach: UInt64 = chance.pick([2_000, 9_000, 20_000, 300_000])
        members[victim].skew = Int64(chance.below(2 * reach)) - Int64(reach)
        if kind == .jumps { again(place, phase + 1, after: 1_000 + chance.below(8_000)) }
    }

    // Machines.

    private mutating func planCrash(
        _ victim: Int,
        _ losesPower: Bool,
        _ chance: inout SeededChance
    ) {
        guard members[victim].node != nil else { return }
        let plan = Member.CrashPlan(
            writes: chance.index(6),
            isAfterWrite: chance.percent(50),
            losesPower: losesPower,
            rest: chance.pick([50, 1_000, 10_000, 40_000])
        )
        if chance.percent(20) {
            crash(victim, losesPower: losesPower, rest: plan.rest)
        } else {
            members[victim].crash = plan
        }
    }

    /// Each time the program lives one write longer.
    private mutating func crashAgain(_ place: Int, _ phase: Int, _ victim: Int) {
        guard goesOn(place) else {
            members[victim].crash = nil
            return
        }
        if members[victim].node != nil, members[victim].crash == nil {
            members[victim].crash = Member.CrashPlan(
                writes: phase % 12,
                isAfterWrite: phase % 2 == 0,
                losesPower: phase % 3 == 0,
                rest: 100
            )
        }
        again(place, phase + 1, after: 500)
    }

    private mutating func loseFlushes(
        _ isBeginning: Bool,
        _ victim: Int,
        _ chance: inout SeededChance
    ) {
        members[victim].disk.condition.ignoresFlushes = isBeginning
        if isBeginning {
            members[victim].mayForget = true
        } else {
            crash(victim, losesPower: true, rest: 500)
        }
    }

    private mutating func damageReads(
        _ isBeginning: Bool,
        _ victim: Int,
        _ chance: inout SeededChance
    ) {
        members[victim].disk.condition.damagedReadsPerMillion =
            isBeginning ? chance.pick([20, 300, 5_000]) : 0
        members[victim].mayHalt = members[victim].mayHalt || isBeginning
    }

    /// A stopped program hears nothing until it goes on, and then all at once.
    private mutating func pause(_ victim: Int, for duration: UInt64) {
        guard members[victim].node != nil, !members[victim].isBusy else { return }
        members[victim].isBusy = true
        queue.add(
            .rest(member: victim, incarnation: members[victim].incarnation, []),
            at: now.adding(milliseconds: min(duration, 60_000))
        )
    }

    /// Mends everything that still is wrong.
    mutating func mend() {
        weather = Weather()
        weather.latency = scenario.latency
        blocks = Array(repeating: 0, count: blocks.count)
        for link in links.keys.sorted() {
            for end in 0..<2 { links[link]?.ends[end].isClogged = false }
        }
        release()
        for index in members.indices {
            members[index].skew = 0
            members[index].crash = nil
            members[index].flushDelay = 0...0
            members[index].judging = 0...3
            members[index].mayHalt = false
            members[index].disk.condition = SimulatedDisk.Condition()
        }
        changeMining { $0 = MiningRate(generation: $0.generation) }
    }
}
