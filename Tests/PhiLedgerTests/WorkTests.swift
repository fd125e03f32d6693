import PhiCrypto
import PhiLedger
import Testing

@Suite("Work") struct WorkTests {
    @Test("is the number of tries that the reference rule gives", arguments: knownWork)
    func known(bits: UInt32, hex: String) throws {
        #expect(try Target(compact: bits, limit: Target.powerOfTwo(255)).work.hex == hex)
    }

    @Test("is the largest number whose product with the target plus one is at most 2^256")
    func quotient() throws {
        let whole = BigNumber([1]).shifted(by: 256)
        let one = BigNumber([1])
        var state: UInt64 = 1
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let size = 0x16 + UInt32(state >> 60)
            let mantissa = 0x8000 + UInt32(state >> 30 & 0x3f_ffff)
            guard
                let target = try? Target(
                    compact: min(size, 0x20) << 24 | mantissa,
                    limit: Target.powerOfTwo(255)
                )
            else { continue }
            let divisor = BigNumber(target.digest.bytes).adding(one)
            let work = BigNumber(target.work.rawValue)
            #expect(work.multiplied(by: divisor) <= whole)
            #expect(work.adding(one).multiplied(by: divisor) > whole)
        }
    }

    @Test("of one block leaves room for every height")
    func room() throws {
        let most = Target.minimum.work
        #expect(most == Work(rawValue: (1 << 96) - 1))
        #expect(most.multiplied(by: 1 << 32) != nil)
        #expect(most.multiplied(by: 1 << 33) == nil)
    }

    @Test("is added and taken away only within 128 bits")
    func checked() {
        let most = Work(rawValue: .max)
        let one = Work(rawValue: 1)
        #expect(most.adding(one) == nil)
        #expect(most.adding(.zero) == most)
        #expect(Work(rawValue: .max - 1).adding(one) == most)
        #expect(Work.zero.subtracting(one) == nil)
        #expect(one.subtracting(one) == .zero)
        #expect(most.multiplied(by: 1) == most)
        #expect(most.multiplied(by: 2) == nil)
    }

    @Test(
        "is written and read alike",
        arguments: [0, 1, 9, 0xf, 0x10, 0xabc_def0, 1 << 64, UInt128.max - 1, .max]
    )
    func text(value: UInt128) {
        let work = Work(rawValue: value)
        #expect(Work(hex: work.hex) == work)
        #expect(work.bytes.count == Work.byteCount)
        #expect(Work(reading: [7] + work.bytes + [9], at: 1) == work)
    }

    @Test("has one text")
    func canonicalText() {
        #expect(Work.zero.hex == "0")
        #expect(Work(rawValue: .max).hex == String(repeating: "f", count: 32))
        #expect(Work(rawValue: 0x1a0b).description == "1a0b")
        #expect(Work(rawValue: 0x0102).bytes == [2, 1] + [UInt8](repeating: 0, count: 14))
    }

    @Test(
        "is refused as any other text",
        arguments: [
            "", "00", "01", "0x1", "A", "g", " 1", "1 ", "-1", "+1", "é", "１",
            String(repeating: "f", count: 33), "1" + String(repeating: "0", count: 32),
        ]
    )
    func refusedText(text: String) {
        #expect(Work(hex: text) == nil)
    }

    private static let knownWork: [(UInt32, String)] = [
        (0x1501_0000, "ffffffffffffffffffffffff"),
        (0x1501_0001, "ffff0000ffff0000ffff0000"),
        (0x157f_ffff, "20000040000080000100000"),
        (0x1600_8000, "1ffffffffffffffffffffff"),
        (0x1d00_ffff, "100010001"),
        (0x1e10_0000, "fffff"),
        (0x1e0f_ffff, "100001"),
        (0x1d7f_ffff, "2000004"),
        (0x2100_8000, "1"),
        (0x207f_ffff, "2"),
        (0x1802_aee8, "5f685126fb06e8051f"),
        (0x1b04_04cb, "3fb3ab764c00"),
    ]
}
