import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

/// One run of a scenario, from the first node's start to the last entry's settling.
public struct Simulation {
    /// How a run ended.
    public struct Outcome: Hashable, Sendable {
        /// The scenario.
        public let scenario: Scenario
        /// The first rule that was broken, if one was.
        public let violation: Violation?
        /// The digest of everything that happened.
        public let digest: String
        /// Simulated milliseconds.
        public let elapsed: UInt64
        /// What happened, in numbers.
        public let tally: Tally
    }

    /// Runs a scenario to its end.
    public static func run(_ scenario: Scenario, hooks: Hooks = Hooks()) -> Outcome {
        var world = World(scenario, hooks: hooks)
        world.begin()
        let end = world.began.adding(milliseconds: scenario.duration)
        while world.advance(to: end) {}
        if world.violation == nil { world.settle() }
        return Outcome(
            scenario: scenario,
            violation: world.violation,
            digest: world.digest.hex,
            elapsed: world.elapsed,
            tally: world.tally
        )
    }
}

extension World {
    /// Milliseconds that a network has at most to agree when nothing goes wrong any more.
    ///
    /// Clocks that were five minutes wrong leave blocks of the future, and a hash rate that falls
    /// to a hundredth leaves a difficulty that takes 30 intervals, and 6 for each halving, to ease.
    private var patience: UInt64 { 700_000 + 150 * UInt64(scenario.blockInterval) }

    /// Mends everything and waits until all nodes agree and every entry has found its fate.
    mutating func settle() {
        isWriting = false
        mend()
        let start = now
        let end = now.adding(milliseconds: patience)
        var count = 0
        while advance(to: end) {
            count += 1
            guard count % 16 == 0, now.since(start) > 2_000 else { continue }
            if isSettled {
                tally.agreedAfter = now.since(start)
                break
            }
        }
        guard checker.violation == nil else { return }
        if !isSettled { checker.fail(.liveness, unsettledMember, unsettled, at: now) }
        checkAll()
    }

    private var isSettled: Bool {
        let first = members.first?.node?.tip.hash
        for index in members.indices {
            guard let tip = members[index].node?.tip, tip.hash == first,
                members[index].pending == 0, waiting(index) == 0
            else { return false }
        }
        return first != nil
    }

    /// Acknowledged entries that are neither recorded nor dropped.
    private func waiting(_ index: Int) -> Int {
        guard !members[index].mayForget else { return 0 }
        return checker.unsettled(index, on: members[index].disk)
    }

    private var unsettledMember: Int {
        let first = members.first?.node?.tip.hash
        return members.indices.first {
            members[$0].node?.tip.hash != first || waiting($0) > 0
        } ?? 0
    }

    private var unsettled: String {
        let parts = members.indices.map { index in
            let tip = members[index].node?.tip
            let name = tip.map { "\($0.header.height.rawValue):\($0.hash.hex.prefix(8))" }
            return "\(name ?? "down") with \(waiting(index)) entries waiting"
        }
        return "after \(patience / 1_000) s of calm: " + parts.joined(separator: ", ")
    }
}
