import PhiLedger
import PhiNode
import Testing

@Suite("A token bucket") struct TokenBucketTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private func bucket(_ perSecond: UInt64, _ burst: UInt64) -> TokenBucket {
        TokenBucket(MeterRate(perSecond: perSecond, burst: burst), at: start)
    }

    @Test("gives its burst and not one more")
    func burst() {
        var exact = bucket(1, 10)
        let isCovered = exact.take(10, at: start)
        #expect(isCovered)
        #expect(exact.thousandths(at: start) == 0)
        #expect(exact.solvent(at: start) == start)
        var over = bucket(1, 10)
        let isOverCovered = over.take(11, at: start)
        #expect(!isOverCovered)
        #expect(over.thousandths(at: start) == -1_000)
    }

    @Test("fills by its rate, to the millisecond, and no higher than its burst")
    func refill() {
        var bucket = bucket(3, 10)
        bucket.take(10, at: start)
        #expect(bucket.thousandths(at: start.adding(milliseconds: 1)) == 3)
        let before = start.adding(milliseconds: 333)
        let after = start.adding(milliseconds: 334)
        var early = bucket
        let isEarlyCovered = early.take(1, at: before)
        let isCovered = bucket.take(1, at: after)
        #expect(!isEarlyCovered && isCovered)
        #expect(bucket.thousandths(at: start.adding(milliseconds: 60_000)) == 10_000)
    }

    @Test("tells when a debt is paid, not a millisecond sooner", arguments: [1, 7, 1_000] as [UInt64])
    func solvency(rate: UInt64) {
        var bucket = bucket(rate, 5)
        bucket.take(12, at: start)
        let paid = bucket.solvent(at: start)
        #expect(paid == start.adding(milliseconds: (7_000 + rate - 1) / rate))
        #expect(bucket.thousandths(at: paid) >= 0)
        #expect(bucket.thousandths(at: Timestamp(milliseconds: paid.milliseconds - 1)) < 0)
    }

    @Test("bears all numbers and all clocks")
    func extremes() {
        let last = Timestamp(milliseconds: .max)
        let rate = MeterRate(perSecond: .max, burst: .max)
        #expect(rate.burst == MeterRate.limit && rate.perSecond == MeterRate.limit)
        #expect(MeterRate(perSecond: 0, burst: 0) == MeterRate(perSecond: 1, burst: 1))
        var large = TokenBucket(rate, at: .zero)
        for _ in 0..<5 { large.take(.max, at: .zero) }
        #expect(large.thousandths(at: .zero) == -Int64(MeterRate.limit) * 1_000)
        #expect(large.solvent(at: .zero) == Timestamp(milliseconds: 1_000))
        #expect(large.thousandths(at: last) == Int64(MeterRate.limit) * 1_000)
        var slow = TokenBucket(MeterRate(perSecond: 1, burst: 1), at: last)
        slow.take(.max, at: last)
        #expect(slow.solvent(at: last) == last)
        let debt = slow.thousandths(at: last)
        #expect(slow.thousandths(at: .zero) == debt)
        slow.take(0, at: .zero)
        #expect(slow.thousandths(at: .zero) == debt)
    }
}
