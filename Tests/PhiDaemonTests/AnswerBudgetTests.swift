import PhiLedger
import Testing

@testable import PhiDaemon

@Suite("A budget of answers") struct AnswerBudgetTests {
    /// How many of some questions of one source, or of each its own, are answered at a time.
    private static func given(
        _ count: Int,
        by budget: inout AnswerBudget,
        for source: UInt128? = nil,
        at milliseconds: UInt64
    ) -> Int {
        let now = Timestamp(milliseconds: 1_000_000 + milliseconds)
        return (0..<count).reduce(0) { sum, index in
            sum + (budget.take(for: source ?? UInt128(index), now: now) ? 1 : 0)
        }
    }

    @Test("gives one source four a second and no more") func oneSource() {
        var budget = AnswerBudget()
        let times: [(UInt64, Int)] = [(0, 4), (249, 0), (250, 1), (251, 0), (60_000, 4)]
        for (time, expected) in times {
            let given = Self.given(10, by: &budget, for: 1, at: time)
            #expect(given == expected, "at \(time)")
        }
    }

    @Test("gives all sources sixteen a second and no more") func inAll() {
        var budget = AnswerBudget()
        let times: [(UInt64, Int)] = [(0, 16), (62, 0), (63, 1), (60_000, 16)]
        for (time, expected) in times {
            let given = Self.given(100, by: &budget, at: time)
            #expect(given == expected, "at \(time)")
        }
    }

    @Test("remembers 256 sources and refuses more until they are forgotten") func sources() {
        var budget = AnswerBudget()
        #expect(Self.given(AnswerBudget.sources, by: &budget, at: 0) == 16)
        #expect(Self.given(1, by: &budget, for: 999, at: 249) == 0)
        #expect(Self.given(1, by: &budget, for: 999, at: 250) == 1)
    }

    @Test("is not upset by a clock that goes back") func clock() {
        var budget = AnswerBudget()
        #expect(Self.given(9, by: &budget, for: 1, at: 1_000) == 4)
        #expect(Self.given(9, by: &budget, for: 1, at: 0) == 0)
        #expect(Self.given(9, by: &budget, for: 1, at: 1_250) == 1)
    }
}
