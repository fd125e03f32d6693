import PhiCrypto
import Testing

private let counting = [UInt8](0..<32)
private let countingHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

@Suite("A value of 32 bytes") struct FixedBytes32Tests {
    @Test("gives back the bytes that it was made from")
    func roundTrip() throws {
        let value = try #require(Digest(counting))
        #expect(value.bytes == counting)
        #expect(value.hex == countingHex)
        #expect("\(value)" == countingHex)
        #expect((0..<32).map { value[$0] } == counting)
        #expect(Digest(words: value.words) == value)
        var longer: [UInt8] = [9]
        value.append(to: &longer)
        #expect(longer == [9] + counting)
    }

    @Test("is made from any collection of bytes")
    func collections() {
        #expect(VerifyingKey(counting[...])?.bytes == counting)
        #expect(VerifyingKey((0..<32).lazy.map { UInt8($0) })?.bytes == counting)
        #expect(AgreementPublicKey(Array(([7] + counting)[1...]))?.bytes == counting)
    }

    @Test("is refused at any other length", arguments: [0, 1, 31, 33, 64])
    func wrongLength(count: Int) {
        #expect(Digest([UInt8](repeating: 1, count: count)) == nil)
        #expect(Digest(hex: String(repeating: "01", count: count)) == nil)
    }

    @Test("is read from lowercase hexadecimal")
    func hexadecimal() {
        #expect(Digest(hex: countingHex)?.bytes == counting)
        #expect(Digest(hex: countingHex[...])?.bytes == counting)
    }

    /// Sixty-two digits, to which each of these adds what is wrong.
    private static let brokenEndings = [
        "1F", "1", "1f0", "1g", "1 ", "1é", "1/", "1:", "1`", "1٣", "", "1f\n", "+1", "0x",
    ]

    @Test("is refused as text that is not 64 lowercase digits", arguments: brokenEndings)
    func notHexadecimal(ending: String) {
        #expect(Digest(hex: String(countingHex.dropLast(2)) + ending) == nil)
    }

    @Test("is read at every offset of a longer run", arguments: 0...33)
    func reading(offset: Int) {
        let run = (0..<65).map { UInt8($0) }
        #expect(Digest(reading: run, at: offset).bytes == Array(run[offset..<(offset + 32)]))
    }

    @Test("cannot be read outside of the bytes")
    func readingOutside() async {
        await #expect(processExitsWith: .failure) {
            _ = Digest(reading: [UInt8](repeating: 0, count: 32), at: 1)
        }
        await #expect(processExitsWith: .failure) {
            _ = Digest(reading: [UInt8](repeating: 0, count: 64), at: -1)
        }
        await #expect(processExitsWith: .failure) {
            _ = Digest(reading: [], at: .max)
        }
        await #expect(processExitsWith: .failure) { _ = Digest.zero[32] }
        await #expect(processExitsWith: .failure) { _ = Digest.zero[-1] }
    }

    @Test("differs from every value that differs in one bit", arguments: 0..<256)
    func equality(bit: Int) throws {
        var other = counting
        other[bit / 8] ^= 1 << (bit % 8)
        let (left, right) = (try #require(Digest(counting)), try #require(Digest(other)))
        #expect(left != right)
        #expect(Set([left, right, left]).count == 2)
        #expect((left < right) == counting.lexicographicallyPrecedes(other))
        #expect((right < left) == other.lexicographicallyPrecedes(counting))
    }

    @Test("comes before another as its bytes do, however many they share", arguments: 0..<32)
    func order(shared: Int) {
        var numbers = Sequence64(seed: UInt64(shared))
        for _ in 0..<50 {
            let left = numbers.bytes(32)
            let right = left[..<shared] + numbers.bytes(32 - shared)
            #expect(
                (Digest(reading: left, at: 0) < Digest(reading: Array(right), at: 0))
                    == left.lexicographicallyPrecedes(right)
            )
        }
    }

    @Test("does not come before itself")
    func irreflexive() throws {
        let value = try #require(Digest(counting))
        #expect(!(value < value))
    }

    @Test("is zero only where all bytes are", arguments: 0..<32)
    func zero(index: Int) throws {
        #expect(Digest.zero.isZero)
        #expect(Digest.zero.bytes == [UInt8](repeating: 0, count: 32))
        var bytes = Digest.zero.bytes
        bytes[index] = 1
        #expect(try !#require(Digest(bytes)).isZero)
    }
}

@Suite("The bytes of a signature") struct SignatureBytesTests {
    private let counting = (0..<64).map { UInt8($0) }

    @Test("are given back")
    func roundTrip() throws {
        let signature = try #require(Signature(counting))
        #expect(signature.bytes == counting)
        #expect(Signature(hex: signature.hex) == signature)
        #expect(Signature(reading: [1, 2] + counting + [3], at: 2) == signature)
        var longer: [UInt8] = [9]
        signature.append(to: &longer)
        #expect(longer == [9] + counting)
    }

    @Test("are refused at any other length", arguments: [0, 32, 63, 65])
    func wrongLength(count: Int) {
        #expect(Signature([UInt8](repeating: 1, count: count)) == nil)
        #expect(Signature(hex: String(repeating: "01", count: count)) == nil)
    }

    @Test("cannot be read outside of the bytes")
    func readingOutside() async {
        await #expect(processExitsWith: .failure) {
            _ = Signature(reading: [UInt8](repeating: 0, count: 64), at: 1)
        }
        await #expect(processExitsWith: .failure) {
            _ = Signature(reading: [UInt8](repeating: 0, count: 128), at: -1)
        }
    }
}
