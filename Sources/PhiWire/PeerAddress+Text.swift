extension PeerAddress: CustomStringConvertible {
    /// The address and port as people write them: `127.0.0.1:7181`, `[::1]:7181`.
    public var description: String {
        version4 == nil ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The address alone: four decimal numbers, or the short form of RFC 5952.
    public var host: String {
        guard version4 == nil else {
            return (0..<4).reversed()
                .map { String(UInt8(truncatingIfNeeded: address >> (8 * $0))) }
                .joined(separator: ".")
        }
        let groups = (0..<8).reversed().map { UInt16(truncatingIfNeeded: address >> (16 * $0)) }
        let hole = Self.longestRun(ofZerosIn: groups)
        let digits = groups.map { String($0, radix: 16) }
        guard hole.count > 1 else { return digits.joined(separator: ":") }
        return digits[..<hole.lowerBound].joined(separator: ":") + "::"
            + digits[hole.upperBound...].joined(separator: ":")
    }

    /// Reads an address and port as `description` writes them, or is nil.
    ///
    /// A v6 address stands in brackets and may be written with fewer or more zeros than needed.
    public init?(_ text: String) {
        let characters = Array(text.utf8)
        guard let split = characters.lastIndex(of: UInt8(ascii: ":")),
            let port = Self.decimal(characters[(split + 1)...], atMost: UInt32(UInt16.max))
        else { return nil }
        let host = characters[..<split]
        let address: UInt128?
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]"), host.count > 2 {
            address = Self.version6(host.dropFirst().dropLast())
        } else {
            address = Self.version4(host).map { Self(version4: $0, port: 0).address }
        }
        guard let address else { return nil }
        self.init(address: address, port: UInt16(port))
    }

    private static func longestRun(ofZerosIn groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in groups.indices {
            if groups[index] != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest
    }

    private static func decimal(_ digits: ArraySlice<UInt8>, atMost limit: UInt32) -> UInt32? {
        guard (1...5).contains(digits.count), digits.count == 1 || digits.first != 0x30 else {
            return nil
        }
        var value: UInt32 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + UInt32(digit - 0x30)
        }
        return value <= limit ? value : nil
    }

    private static func version4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let value = decimal(part, atMost: 255) else { return nil }
            address = address << 8 | value
        }
        return address
    }

    private static func version6(_ text: ArraySlice<UInt8>) -> UInt128? {
        let colon = UInt8(ascii: ":")
        let hole = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let hole else {
            let groups = hexadecimalGroups(text)
            return groups?.count == 8 ? number(groups ?? []) : nil
        }
        guard let front = hexadecimalGroups(text[..<hole]),
            let back = hexadecimalGroups(text[(hole + 2)...]),
            front.count + back.count <= 7
        else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - front.count - back.count)
        return number(front + zeros + back)
    }

    private static func number(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// Groups between single colons; none for an empty text.
    private static func hexadecimalGroups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            let isHexadecimal = part.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            guard (1...4).contains(part.count), isHexadecimal,
                let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }
}
