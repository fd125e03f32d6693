import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiSimulation
import PhiWire
import Testing

/// Every rule is seen broken, by a disk, a machine or a node that has a defect.
@Suite("A planted defect") struct PlantedDefectTests {
    /// A run of two or more nodes in which nothing but the defect is wrong.
    private static func scenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
        var scenario = Scenario(seed: 3)
        scenario.nodes = 3
        scenario.faults = []
        scenario.dishonest = []
        scenario.duration = 40_000
        scenario.blockInterval = 1_000
        scenario.writingInterval = 300
        scenario.expiry = 8_640
        scenario.stampRate = 0
        scenario.isCramped = false
        scenario.latency = 5...20
        change(&scenario)
        return scenario
    }

    /// Expects that a defect breaks a rule which holds without it.
    private func expect(
        _ invariant: Invariant,
        in scenario: Scenario = Self.scenario(),
        _ plant: (inout Hooks) -> Void
    ) {
        var hooks = Hooks()
        hooks.checks = [invariant]
        #expect(Simulation.run(scenario, hooks: hooks).violation == nil)
        plant(&hooks)
        #expect(Simulation.run(scenario, hooks: hooks).violation?.invariant == invariant)
    }

    /// A batch with some records of a kind changed or left out.
    private static func changing(
        _ batch: WriteBatch,
        _ kind: Schema,
        _ value: ([UInt8]) -> [UInt8]?
    ) -> WriteBatch {
        var changed = WriteBatch()
        for change in batch.changes {
            guard let old = change.value else {
                changed.delete(change.key)
                continue
            }
            let new = change.key.first == kind.rawValue ? value(old) : old
            if let new { changed.put(new, for: change.key) }
        }
        return changed
    }

    private static func header(in batch: WriteBatch) -> Header? {
        batch.changes.lazy.filter { $0.key.first == Schema.header.rawValue }
            .compactMap { $0.value.flatMap { try? Header(decoding: $0) } }.last
    }

    @Test("that hides a heavier branch on the disk is found")
    func mostWork() {
        expect(.mostWork, in: Self.scenario { $0.duration = 120_000 }) { hooks in
            hooks.flaw = { member, batch in
                guard member == 0, var header = Self.header(in: batch), header.height == Height(9)
                else { return batch }
                var batch = batch
                header.previous = header.hash
                header.chainWork = Work(rawValue: header.chainWork.rawValue + 1 << 40)
                batch.put(header.encoded, for: Schema.sideBlock.key(header.hash.bytes))
                return batch
            }
        }
    }

    @Test("that lets work fall is found")
    func risingWork() {
        let crash = Fault(kind: .crashLoop, start: 20_000, duration: 10_000, seed: 4)
        let scenario = Self.scenario { scenario in
            scenario.faults = [crash]
            scenario.nodes = 2
        }
        expect(.risingWork, in: scenario) { hooks in
            hooks.forgetsAtExit = true
            hooks.flushes = false
        }
    }

    @Test("that writes something else on one disk is found")
    func equalStates() {
        expect(.equalStates) { hooks in
            hooks.flaw = { member, batch in
                member == 1 ? Self.changing(batch, .authorEntry) { $0 + [1] } : batch
            }
        }
    }

    @Test("that leaves the same records out on all disks is found")
    func replay() {
        expect(.replay) { hooks in
            hooks.flaw = { _, batch in Self.changing(batch, .meetingEntry) { _ in nil } }
        }
    }

    @Test("that records what still waits is found")
    func disjointPool() {
        expect(.disjointPool) { hooks in
            hooks.flaw = { _, batch in
                var changed = batch
                for change in batch.changes
                where change.key.first == Schema.pooled.rawValue && change.value != nil {
                    let key = [Schema.position.rawValue] + change.key.dropFirst()
                    changed.put([0, 0, 0, 1, 0, 0], for: key)
                }
                return changed
            }
        }
    }

    @Test("that forgets which numbers are used up is found")
    func uniqueSequences() {
        expect(.uniqueSequences) { hooks in
            hooks.flaw = { _, batch in Self.changing(batch, .author) { _ in nil } }
        }
    }

    @Test("that acknowledges before the write is found")
    func earlyReply() {
        expect(.acknowledged) { hooks in
            hooks.tamper = { _, effects in
                let replies = effects.filter { if case .reply = $0 { true } else { false } }
                let others = effects.filter { if case .reply = $0 { false } else { true } }
                return replies + others
            }
        }
    }

    @Test("that forgets what was promised is found")
    func forgottenPromise() {
        expect(.acknowledged) { hooks in
            hooks.flaw = { _, batch in Self.changing(batch, .pooled) { _ in nil } }
        }
    }

    @Test("that holds more memory than it may is found")
    func memory() {
        expect(.memory) { hooks in
            hooks.memory = { use in
                var use = use
                use.set(
                    .orphans,
                    bytes: use.limit(of: .orphans) + 1,
                    limit: use.limit(of: .orphans)
                )
                return use
            }
        }
    }

    @Test("that changes a block deep in the chain is found")
    func receipts() {
        let long = Self.scenario { scenario in
            scenario.duration = 150_000
            scenario.nodes = 2
        }
        expect(.receipts, in: long) { hooks in
            hooks.flaw = { _, batch in
                guard let header = Self.header(in: batch), header.height >= Height(85) else {
                    return batch
                }
                var batch = batch
                for height in [10, 20] as [UInt8] {
                    var other = header
                    other.height = Height(UInt32(height))
                    batch.put(other.encoded, for: Schema.header.key([0, 0, 0, height]))
                }
                return batch
            }
        }
    }

    @Test("that makes an honest node greet twice is found")
    func blame() {
        expect(.blame) { hooks in
            hooks.tamper = { member, effects in
                effects.flatMap { effect -> [Effect] in
                    if member == 0, case .send(_, .hello) = effect { return [effect, effect] }
                    return [effect]
                }
            }
        }
    }

    @Test("that cuts records short stops a node, which is found")
    func noHalt() {
        expect(.noHalt) { hooks in
            hooks.flaw = { member, batch in
                member == 1 ? Self.changing(batch, .header) { Array($0.prefix(10)) } : batch
            }
        }
    }

    @Test("that keeps a node silent is found once nothing else is wrong")
    func liveness() {
        expect(.liveness) { hooks in
            hooks.tamper = { member, effects in
                effects.filter { effect in
                    if case .send = effect { return member != 1 }
                    return true
                }
            }
        }
    }
}
