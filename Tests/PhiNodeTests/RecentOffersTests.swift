import PhiCrypto
import PhiLedger
import Testing

@testable import PhiNode

@Suite("Offers of entries") struct RecentOffersTests {
    private func leaf(_ number: Int) -> Digest { SHA256.hash(Array("\(number)".utf8)) }

    @Test("are open until they are given or too old")
    func window() {
        var offers = RecentOffers()
        let now = Timestamp(milliseconds: 10_000)
        offers.offer(leaf(1), at: now)
        offers.offer(leaf(2), at: now)
        offers.give(leaf(2))
        let last = now.adding(milliseconds: 2_000)
        #expect(offers.isOpen(leaf(1), now: last, window: 2_000))
        #expect(!offers.isOpen(leaf(1), now: last.adding(milliseconds: 1), window: 2_000))
        #expect(!offers.isOpen(leaf(2), now: now, window: 2_000))
        #expect(!offers.isOpen(leaf(3), now: now, window: 2_000))
    }

    @Test("are remembered up to a limit, the latest ones")
    func limit() {
        var offers = RecentOffers()
        let now = Timestamp(milliseconds: 10_000)
        for number in 0..<10 * RecentOffers.limit {
            offers.offer(leaf(number), at: now)
            if number % 3 == 0 { offers.give(leaf(number)) }
            #expect(offers.count <= RecentOffers.limit)
        }
        let last = 10 * RecentOffers.limit - 1
        #expect(offers.isOpen(leaf(last - 1), now: now, window: 0))
        #expect(!offers.isOpen(leaf(1), now: now, window: 0))
    }
}
