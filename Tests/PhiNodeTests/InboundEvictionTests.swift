import PhiLedger
import PhiNode
import PhiTesting
import Testing

@Suite("Eviction of callers") struct InboundEvictionTests {
    private static func caller(
        _ number: UInt64,
        group: UInt64? = nil,
        since: UInt64? = nil
    ) -> InboundEviction.Candidate {
        InboundEviction.Candidate(
            handle: number,
            group: group ?? number,
            ping: nil,
            lastBlock: nil,
            lastEntry: nil,
            since: Timestamp(milliseconds: since ?? number),
            isSuspect: false
        )
    }

    @Test("protects one of each of 8 networks, then half of the rest")
    func groups() {
        #expect(InboundEviction.victim(among: []) == nil)
        let eight = (1...8).map { Self.caller($0) }
        #expect(InboundEviction.victim(among: eight) == nil)
        #expect(InboundEviction.victim(among: eight + [Self.caller(9)]) == 1)
        let same = (1...9).map { Self.caller($0, group: 5) }
        #expect(InboundEviction.victim(among: same) == 9)
    }

    @Test("protects the 4 fastest, the 4 newest givers of blocks and the 4 of entries")
    func merits() {
        let changes: [(inout InboundEviction.Candidate, UInt64) -> Void] = [
            { candidate, merit in candidate.ping = 100 - merit },
            { candidate, merit in candidate.lastBlock = Timestamp(milliseconds: merit) },
            { candidate, merit in candidate.lastEntry = Timestamp(milliseconds: merit) },
        ]
        for change in changes {
            var callers = (1...10).map { Self.caller($0, group: 1) }
            for index in 0..<4 { change(&callers[9 - index], UInt64(50 + index)) }
            #expect(InboundEviction.victim(among: callers) == 6)
            change(&callers[5], 40)
            #expect(InboundEviction.victim(among: callers) == 6)
            change(&callers[5], 60)
            #expect(InboundEviction.victim(among: callers) == 10)
        }
    }

    @Test("takes the youngest of the biggest group")
    func biggest() {
        var callers = (1...20).map { Self.caller($0, group: 100 + $0, since: $0) }
        callers += (21...40).map { Self.caller($0, group: $0 % 2, since: 1_000 - $0) }
        let victim = InboundEviction.victim(among: callers)
        #expect(victim.map { $0 > 20 } == true)
    }

    @Test("takes a suspect first, the youngest of them")
    func suspects() {
        var callers = (1...8).map { Self.caller($0) }
        callers[0].isSuspect = true
        callers[2].isSuspect = true
        #expect(InboundEviction.victim(among: callers) == 3)
    }

    @Test("keeps the 2 oldest honest callers under a flood from 50 networks")
    func flood() {
        var random = SeededRandom(seed: 7)
        var callers = [
            Self.caller(1, group: random.next(), since: 1),
            Self.caller(2, group: random.next(), since: 2),
        ]
        let networks = (0..<50).map { _ in random.next() }
        for number in 3..<5_000 as Range<UInt64> {
            if callers.count == 40 {
                guard let victim = InboundEviction.victim(among: callers) else { continue }
                callers.removeAll { $0.handle == victim }
            }
            var attacker = Self.caller(number, group: networks[Int(random.next() % 50)])
            attacker.ping = 1
            attacker.lastBlock = Timestamp(milliseconds: number)
            attacker.lastEntry = Timestamp(milliseconds: number)
            callers.append(attacker)
        }
        #expect(callers.contains { $0.handle == 1 })
        #expect(callers.contains { $0.handle == 2 })
    }
}
