import PhiCrypto

/// The lines of a receipt, sorted by their first word.
struct ReceiptFields {
    /// What stands below the first empty line.
    let note: String
    private var lines: [ReceiptLine: [ArraySlice<UInt8>]] = [:]

    init(_ bytes: [UInt8]) throws(ReceiptFailure) {
        guard bytes.count <= Receipt.byteLimit else {
            throw .tooLong(limit: Receipt.byteLimit, found: bytes.count)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var rest = Self.withPlainLineEnds(bytes)[...]
        guard Self.takeLine(&rest) == Array(Receipt.title.utf8)[...] else { throw .otherTitle }
        var count = 1
        while let line = Self.takeLine(&rest), !line.isEmpty {
            count += 1
            guard count <= Receipt.lineLimit else {
                throw .tooManyLines(limit: Receipt.lineLimit)
            }
            let end = line.firstIndex(of: UInt8(ascii: " ")) ?? line.endIndex
            let word = String(decoding: line[..<end], as: UTF8.self)
            guard let key = ReceiptLine(rawValue: word) else { continue }
            lines[key, default: []].append(end < line.endIndex ? line[(end + 1)...] : [])
        }
        note = String(decoding: rest, as: UTF8.self)
    }

    /// Every end of a line as one line feed, however the file was carried.
    private static func withPlainLineEnds(_ bytes: [UInt8]) -> [UInt8] {
        let (feed, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        guard bytes.contains(carriage) else { return bytes }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var last: UInt8 = 0
        for byte in bytes {
            if byte == carriage {
                plain.append(feed)
            } else if byte != feed || last != carriage {
                plain.append(byte)
            }
            last = byte
        }
        return plain
    }

    /// Takes a line off the front, or nil when nothing is left.
    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        let line = rest[rest.startIndex..<end]
        rest = end < rest.endIndex ? rest[(end + 1)...] : []
        return line
    }

    func has(_ key: ReceiptLine) -> Bool { lines[key] != nil }

    func all(_ key: ReceiptLine) -> [ArraySlice<UInt8>] { lines[key] ?? [] }

    func single(_ key: ReceiptLine) throws(ReceiptFailure) -> ArraySlice<UInt8> {
        let found = all(key)
        guard found.count == 1 else { throw .lineCount(key, found: found.count) }
        return found[0]
    }

    func bytes(_ key: ReceiptLine, _ count: Int? = nil) throws(ReceiptFailure) -> [UInt8] {
        try Self.bytes(of: single(key), key, count)
    }

    func digests(_ key: ReceiptLine) throws(ReceiptFailure) -> [Digest] {
        var digests: [Digest] = []
        for line in all(key) {
            digests.append(Digest(reading: try Self.bytes(of: line, key, 32), at: 0))
        }
        return digests
    }

    /// A decimal number without leading zeros.
    func number(_ key: ReceiptLine) throws(ReceiptFailure) -> UInt64 {
        let digits = try single(key)
        let isCanonical = digits.count == 1 || digits.first != UInt8(ascii: "0")
        guard isCanonical, digits.allSatisfy({ (48...57).contains($0) }),
            let number = UInt64(String(decoding: digits, as: UTF8.self))
        else { throw .notNumber(key) }
        return number
    }

    static func bytes(
        of text: ArraySlice<UInt8>,
        _ key: ReceiptLine,
        _ count: Int?
    ) throws(ReceiptFailure) -> [UInt8] {
        guard let bytes = Base64Text.padded.decode(text) else { throw .notBase64(key) }
        guard let count, bytes.count != count else { return bytes }
        throw .byteCount(key, expected: count, found: bytes.count)
    }
}
