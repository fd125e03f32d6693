import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A history of chance entries") struct RandomHistoryTests {
    static let network = TestNetwork.make(expiry: 12, undoWindow: 10)

    @Test("is judged as by the list of all entries before")
    func oracle() throws {
        var taken: Set<EntryKind> = []
        var refusals: Set<String> = []
        for seed in 1...7 as ClosedRange<UInt64> {
            var history = RandomHistory(seed: seed, on: Self.network)
            for _ in 0..<300 { try history.step() }
            taken.formUnion(history.taken)
            refusals.formUnion(history.refusals)
        }
        // Else the histories would say little.
        #expect(taken.count == EntryKind.allCases.count)
        #expect(refusals.count >= 20, "\(refusals.sorted())")
    }

    @Test(
        "gives each meeting one state in any valid order",
        arguments: 1...5 as ClosedRange<UInt64>
    )
    func interleaving(seed: UInt64) throws {
        var history = RandomHistory(seed: seed, on: Self.network)
        for _ in 0..<250 { try history.step() }
        var random = SeededRandom(seed: seed ^ 0xff)
        for _ in 0..<4 {
            var table = StateTable()
            var state = LedgerState(over: table, parameters: Self.network.parameters)
            for (height, entries) in history.blocks {
                // Any order that keeps each meeting's, and each open before what follows it.
                var queues = Dictionary(grouping: entries) { valid in
                    valid.entry.kind == .open ? valid.entry.author.hex : valid.entry.meeting.hex
                }
                var done: Set<Digest> = []
                while !queues.isEmpty {
                    let ready = queues.keys.sorted().filter { key in
                        guard let next = queues[key]?.first else { return false }
                        let opensHere = entries.contains { $0.id == next.entry.meeting }
                        return !opensHere || done.contains(next.entry.meeting)
                    }
                    let key = try #require(ready.randomElement(using: &random))
                    let queue = try #require(queues[key])
                    let valid = queue[0]
                    queues[key] = queue.count == 1 ? nil : Array(queue.dropFirst())
                    try state.apply(valid, at: Height(height))
                    done.insert(valid.id)
                }
                guard Bool.random(using: &random) else { continue }
                table.absorb(state)
                state = LedgerState(over: table, parameters: Self.network.parameters)
            }
            table.absorb(state)
            #expect(table == history.ledger.table)
        }
    }

    @Test("is undone block by block to nothing", arguments: 1...3 as ClosedRange<UInt64>)
    func undo(seed: UInt64) throws {
        var history = RandomHistory(seed: seed, on: Self.network)
        for _ in 0..<250 { try history.step() }
        var table = StateTable()
        var states: [(before: StateTable, state: LedgerState<StateTable>)] = []
        for (height, entries) in history.blocks {
            var state = LedgerState(over: table, parameters: Self.network.parameters)
            for valid in entries { try state.apply(valid, at: Height(height)) }
            states.append((before: table, state: state))
            table.absorb(state)
        }
        #expect(table == history.ledger.table)
        for (before, state) in states.reversed() {
            table.revert(state)
            #expect(table == before)
        }
        #expect(table == StateTable())
    }
}
