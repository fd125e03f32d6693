import PhiLedger
import Testing

@Suite("A moment") struct TimestampTests {
    @Test("is counted from the start of 1970")
    func origin() {
        #expect(Timestamp.zero.milliseconds == 0)
        #expect(
            Timestamp.zero.adding(milliseconds: 1_700_000_000_000).milliseconds == 1_700_000_000_000
        )
    }

    @Test("stops at the last one, and is never before an earlier one")
    func edges() {
        let last = Timestamp(milliseconds: .max)
        #expect(last.adding(milliseconds: 1) == last)
        #expect(Timestamp(milliseconds: .max - 1).adding(milliseconds: 1) == last)
        #expect(last.since(.zero) == .max)
        #expect(Timestamp.zero.since(last) == 0)
        #expect(last.since(last) == 0)
        #expect(Timestamp.zero < last)
    }
}
