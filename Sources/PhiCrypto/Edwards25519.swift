/// The byte checks of rule P-Ed25519 that come before the curve equation.
enum Edwards25519 {
    private static let signMask: UInt64 = 1 << 63

    /// Whether a scalar is below the group's order, 2^252 + 27742317777372353535851937790883648493.
    static func isReduced(scalar: FourWords) -> Bool {
        let value = scalar.littleEndian
        if value.fourth != 0x1000_0000_0000_0000 { return value.fourth < 0x1000_0000_0000_0000 }
        if value.third != 0 { return false }
        if value.second != 0x14de_f9de_a2f7_9cd6 { return value.second < 0x14de_f9de_a2f7_9cd6 }
        return value.first < 0x5812_631a_5cf5_d3ed
    }

    /// Whether the y coordinate of an encoded point is below the prime 2^255 − 19.
    static func isCanonical(_ point: FourWords) -> Bool {
        let value = point.littleEndian
        return value.fourth & ~signMask != .max >> 1
            || value.third != .max
            || value.second != .max
            || value.first < 0xffff_ffff_ffff_ffed
    }

    /// Whether an encoded point with a canonical y coordinate has an order of eight or less.
    ///
    /// Five y coordinates are of small order. Each has an encoding for either sign of x: eight
    /// points, and for y = 1 and y = −1, where x is zero, a second form of the same point.
    static func isOfSmallOrder(_ point: FourWords) -> Bool {
        let value = point.littleEndian
        let y = FourWords(value.first, value.second, value.third, value.fourth & ~signMask)
        return switch y.first {
        case 0, 1: y.second | y.third | y.fourth == 0
        case minusOne.first: y == minusOne
        case lowerOfOrderEight.first: y == lowerOfOrderEight
        case upperOfOrderEight.first: y == upperOfOrderEight
        default: false
        }
    }

    /// The encoding of the point that the group is made of, whose y is 4/5.
    static let basePoint = FourWords(
        UInt64(littleEndian: 0x6666_6666_6666_6658),
        0x6666_6666_6666_6666,
        0x6666_6666_6666_6666,
        0x6666_6666_6666_6666
    )
    private static let minusOne = FourWords(
        0xffff_ffff_ffff_ffec,
        .max,
        .max,
        .max >> 1
    )
    private static let lowerOfOrderEight = FourWords(
        0xb027_b2c2_8f95_e826,
        0xf098_eff2_89f4_c345,
        0x3933_c6d3_05ac_dfd5,
        0x05fc_536d_8802_38b1
    )
    private static let upperOfOrderEight = FourWords(
        0x4fd8_4d3d_706a_17c7,
        0x0f67_100d_760b_3cba,
        0xc6cc_392c_fa53_202a,
        0x7a03_ac92_77fd_c74e
    )
}
