/// Text for 32-byte names that notices typing errors (BIP 350).
public enum Bech32m {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let constant: UInt32 = 0x2bc8_30a3
    /// Characters of a whole text at most.
    public static let characterLimit = 90

    /// The text for a prefix and bytes.
    public static func encode(prefix: String, _ data: [UInt8]) -> String {
        let values = regroup(data, from: 8, to: 5, padding: true) ?? []
        let human = Array(prefix.utf8)
        let check = checksum(expanded(human) + values + [0, 0, 0, 0, 0, 0]) ^ constant
        let tail = (0..<6).map { UInt8(truncatingIfNeeded: check >> (5 * (5 - UInt32($0)))) & 31 }
        let symbols = (values + tail).map { alphabet[Int($0)] }
        return String(decoding: human + Array("1".utf8) + symbols, as: UTF8.self)
    }

    /// The prefix and bytes of a text.
    public static func decode(
        _ text: String
    ) throws(Bech32mFailure) -> (
        prefix: String, data: [UInt8]
    ) {
        let bytes = Array(text.utf8)
        guard bytes.count <= characterLimit else {
            throw .tooLong(count: bytes.count, limit: characterLimit)
        }
        guard bytes.allSatisfy({ (33...126).contains($0) }) else { throw .forbiddenCharacter }
        let upper = bytes.contains { (65...90).contains($0) }
        let lower = bytes.contains { (97...122).contains($0) }
        guard !(upper && lower) else { throw .mixedCase }
        let folded = bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
        guard let split = folded.lastIndex(of: UInt8(ascii: "1")), split > 0 else {
            throw .noPrefix
        }
        let human = Array(folded[..<split])
        let symbols = folded[(split + 1)...]
        guard symbols.count >= 6 else { throw .tooShort }
        var values: [UInt8] = []
        for symbol in symbols {
            guard let value = alphabet.firstIndex(of: symbol) else { throw .forbiddenCharacter }
            values.append(UInt8(value))
        }
        guard checksum(expanded(human) + values) == constant else { throw .checksum }
        guard let data = regroup(Array(values.dropLast(6)), from: 5, to: 8, padding: false) else {
            throw .padding
        }
        return (String(decoding: human, as: UTF8.self), data)
    }

    private static func expanded(_ human: [UInt8]) -> [UInt8] {
        human.map { $0 >> 5 } + [0] + human.map { $0 & 31 }
    }

    private static func checksum(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [
            0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3,
        ]
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x01ff_ffff) << 5 ^ UInt32(value)
            for (bit, term) in generator.enumerated() where top >> UInt32(bit) & 1 == 1 {
                sum ^= term
            }
        }
        return sum
    }

    private static func regroup(
        _ data: [UInt8],
        from: UInt32,
        to: UInt32,
        padding: Bool
    ) -> [UInt8]? {
        var held: UInt32 = 0
        var bits: UInt32 = 0
        var groups: [UInt8] = []
        let mask = (UInt32(1) << to) - 1
        for value in data {
            held = (held << from | UInt32(value)) & 0xfff
            bits += from
            while bits >= to {
                bits -= to
                groups.append(UInt8(held >> bits & mask))
            }
        }
        if padding {
            if bits > 0 { groups.append(UInt8(held << (to - bits) & mask)) }
            return groups
        }
        guard bits < from, held & ((1 << bits) - 1) == 0 else { return nil }
        return groups
    }
}

/// Why a text is no bech32m name.
public enum Bech32mFailure: Error, Equatable, Sendable {
    /// The text is longer than any name.
    case tooLong(count: Int, limit: Int)
    /// The text ends before its checksum.
    case tooShort
    /// The text has a character that no name has.
    case forbiddenCharacter
    /// The text mixes capitals and small letters.
    case mixedCase
    /// The text has no prefix before its last `1`.
    case noPrefix
    /// The checksum does not fit: a character is wrong or missing.
    case checksum
    /// The bits after the last byte are not zero.
    case padding
}
