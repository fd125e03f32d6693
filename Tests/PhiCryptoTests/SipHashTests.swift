import PhiCrypto
import Testing

@Suite("SipHash-2-4") struct SipHashTests {
    static let key = (0..<16).map { UInt8($0) }

    private func hash(_ bytes: [UInt8], key: [UInt8] = key) throws -> UInt64 {
        var function = try SipHash(key: key)
        return try function.hash(bytes)
    }

    @Test(
        "gives the published values",
        arguments: [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a),
            (3, 0x8567_6696_d7fb_7e2d), (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d),
            (6, 0xcbc9_466e_58fe_e3ce), (7, 0xab02_00f5_8b01_d137), (8, 0x93f5_f579_9a93_2462),
            (15, 0xa129_ca61_49be_45e5),
        ] as [(Int, UInt64)]
    )
    func published(count: Int, value: UInt64) throws {
        #expect(try hash((0..<count).map { UInt8($0) }) == value)
    }

    @Test("agrees with its definition", arguments: 0...80)
    func definition(count: Int) throws {
        let key = (0..<16).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ count) }
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 3) }
        #expect(try hash(bytes, key: key) == SipHashDefinition.hash(bytes, key: key))
    }

    @Test("can be used again, and reads 32 bytes as such") func repetition() throws {
        var function = try SipHash(key: Self.key)
        for number in 0..<20 {
            let digest = SHA256.hash([UInt8(number)])
            let value = try function.hash(digest)
            let same = try function.hash(digest.bytes)
            #expect(value == same)
            #expect(value == SipHashDefinition.hash(digest.bytes, key: Self.key))
        }
    }

    @Test("wants a key of 16 bytes", arguments: [0, 15, 17, 32])
    func keyLength(count: Int) {
        #expect(throws: CryptoFailure.wrongLength(required: 16, found: count)) {
            try hash([], key: [UInt8](repeating: 1, count: count))
        }
    }
}

/// The hash written down from its definition, to compare the library with.
enum SipHashDefinition {
    static func hash(_ bytes: [UInt8], key: [UInt8]) -> UInt64 {
        let (first, second) = (word(key[0..<8]), word(key[8..<16]))
        var state = [
            first ^ 0x736f_6d65_7073_6575, second ^ 0x646f_7261_6e64_6f6d,
            first ^ 0x6c79_6765_6e65_7261, second ^ 0x7465_6462_7974_6573,
        ]
        let whole = bytes.count / 8 * 8
        for start in stride(from: 0, to: whole, by: 8) {
            absorb(word(bytes[start..<start + 8]), into: &state)
        }
        let last = word(bytes[whole...]) | UInt64(bytes.count & 0xff) << 56
        absorb(last, into: &state)
        state[2] ^= 0xff
        for _ in 0..<4 { round(&state) }
        return state[0] ^ state[1] ^ state[2] ^ state[3]
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func absorb(_ word: UInt64, into state: inout [UInt64]) {
        state[3] ^= word
        round(&state)
        round(&state)
        state[0] ^= word
    }

    private static func round(_ state: inout [UInt64]) {
        mix(&state, 0, 1, 13)
        state[0] = rotated(state[0], 32)
        mix(&state, 2, 3, 16)
        mix(&state, 0, 3, 21)
        mix(&state, 2, 1, 17)
        state[2] = rotated(state[2], 32)
    }

    private static func mix(_ state: inout [UInt64], _ left: Int, _ right: Int, _ count: UInt64) {
        state[left] &+= state[right]
        state[right] = rotated(state[right], count) ^ state[left]
    }

    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value << count | value >> (64 - count)
    }
}
