import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The search for a header's nonce") struct HeaderSearchTests {
    @Test("finds the least that meets the target, and none in a range before it")
    func least() throws {
        let target = Target.powerOfTwo(252)
        for seconds in 0..<8 as Range<UInt64> {
            var header = TestNetwork.make().genesis
            header.time = header.time.adding(milliseconds: seconds * 1_000)
            header.nonce = 0
            let found = try #require(header.firstNonce(meeting: target, in: 0..<1 << 20))
            while !target.isMet(by: header.hash) { header.nonce += 1 }
            #expect(found == header.nonce)
            #expect(header.firstNonce(meeting: target, in: found..<found + 1) == found)
            #expect(header.firstNonce(meeting: target, in: 0..<found) == nil)
        }
    }
}
