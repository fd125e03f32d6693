import PhiChain
import PhiConsensus
import PhiLedger
import PhiNode

extension World {
    /// Plans when a node finds its next block, as memoryless as the dice are.
    mutating func scheduleMining(_ index: Int) {
        let total = members.reduce(0) { $0 + $1.weight }
        var mean = UInt64(scenario.blockInterval) * total / members[index].weight
        let work = members[index].node.map { UInt64(clamping: difficulty(of: $0)) } ?? 1
        mean = mean * max(1, min(work, 1 << 20)) / SimulatedNetwork.firstWork
        mean = mean * miners.divisor / miners.factor
        if miners.giant == index { mean /= 100 }
        let wait =
            miners.isOn
            ? miningChance.delay(mean: mean) + miningChance.below(mean / 16 + 2) : 1_000
        queue.add(
            .mine(member: index, generation: miners.generation),
            at: now.adding(milliseconds: max(5, min(wait, 600_000)))
        )
    }

    /// Hashes that a block takes on a node's tip.
    private func difficulty(of node: Node<SimulatedDisk>) -> UInt128 {
        let bits = node.tip.header.bits
        guard let target = try? Target(compact: bits, limit: network.parameters.targetLimit)
        else { return 1 }
        return target.work.rawValue
    }

    /// Plans all mining anew, because somebody's hash rate has changed.
    mutating func changeMining(_ change: (inout MiningRate) -> Void) {
        change(&miners)
        miners.generation += 1
        for index in members.indices { scheduleMining(index) }
    }

    /// A node finds a block, if it searches for one.
    mutating func mine(_ index: Int) {
        guard miners.isOn, !members[index].isBusy else { return }
        let found: BlockTemplate?
        do { found = try template(index) } catch { return halted(index, .store(error)) }
        guard let found else { return }
        let header = SimulatedNetwork.mined(found.header, target: found.target)
        tally.blocks += 1
        tell(index, .mined(header, found.entries))
    }

    private func template(_ index: Int) throws(StoreFailure) -> BlockTemplate? {
        guard let node = members[index].node, node.sync == .synced else { return nil }
        return try node.template(at: members[index].clock(now))
    }
}
