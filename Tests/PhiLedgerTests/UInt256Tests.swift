import PhiLedger
import Testing

@Suite("A number of 256 bits") struct UInt256Tests {
    @Test("multiplies and scales as on paper", arguments: samples)
    func product(number: UInt256) {
        let paper = Self.paper(number)
        for factor in [0, 1, 2, 3, 65_536, 131_071, 1 << 63, .max] as [UInt64] {
            let product = number.multipliedFullWidth(by: factor)
            let expected = paper.multiplied(by: BigNumber(UInt128(factor)))
            let upper = BigNumber(UInt128(product.overflow)).shifted(by: 256)
            #expect(upper.adding(Self.paper(product.low)) == expected)
            for exponent in Self.exponents {
                let scaled = product.scaled(byPowerOfTwo: exponent)
                let shifted = Self.shifted(expected, by: exponent)
                #expect(scaled.map(Self.paper) == (shifted < Self.bound ? shifted : nil))
            }
        }
    }

    @Test("shifts as on paper", arguments: samples)
    func shifts(number: UInt256) {
        let paper = Self.paper(number)
        for count in 0...300 {
            let left = paper.shifted(by: count)
            let shifted = number.shiftedLeft(by: count)
            #expect(shifted.map(Self.paper) == (left < Self.bound ? left : nil))
            #expect(Self.paper(number.shiftedRight(by: count)) == Self.shifted(paper, by: -count))
        }
    }

    @Test("subtracts and orders as on paper", arguments: samples)
    func differences(number: UInt256) {
        for other in Self.samples {
            #expect((other < number) == (Self.paper(other) < Self.paper(number)))
            guard other <= number else { continue }
            let difference = Self.paper(number).subtracting(Self.paper(other))
            #expect(Self.paper(number.subtracting(other)) == difference)
        }
    }

    @Test("knows its highest bit")
    func significantBits() {
        #expect(UInt256.zero.significantBits == 0)
        for place in 0..<256 {
            #expect(UInt256(low: 1).shiftedLeft(by: place)?.significantBits == place + 1)
        }
    }

    @Test("has the compact form of numbers of few bytes, too")
    func smallCompact() throws {
        let known: [(UInt128, UInt32)] = [
            (0, 0), (1, 0x0101_0000), (0x7f, 0x017f_0000), (0x80, 0x0200_8000),
            (0xff, 0x0200_ff00), (0x100, 0x0201_0000), (0x8000, 0x0300_8000),
            (0x12_3456, 0x0312_3456), (0x80_0000, 0x0400_8000), (0x1234_5678, 0x0412_3456),
        ]
        for (number, bits) in known {
            #expect(UInt256(low: number).compact == bits)
            guard number > 0 else { continue }
            #expect(try UInt256(compact: bits).compact == bits)
        }
    }

    private static let bound = BigNumber([1]).shifted(by: 256)
    private static let exponents = [
        -400, -321, -320, -319, -257, -256, -255, -192, -129, -128, -127, -64, -17, -16, -1, 0, 1,
        16, 127, 128, 129, 255, 256, 400,
    ]
    private static let halves: [UInt128] = [
        0, 1, 2, 0xffff, 1 << 63, 1 << 64, 1 << 127, .max - 1, .max,
        .max / 3, 0x0123_4567_89ab_cdef_0fed_cba9_8765_4321,
    ]
    private static let samples = halves.flatMap { high in
        halves.map { UInt256(high: high, low: $0) }
    }

    private static func paper(_ number: UInt256) -> BigNumber {
        BigNumber(number.high).shifted(by: 128).adding(BigNumber(number.low))
    }

    private static func shifted(_ number: BigNumber, by exponent: Int) -> BigNumber {
        exponent < 0 ? number.droppingBits(-exponent) : number.shifted(by: exponent)
    }
}
