import PhiCrypto
import PhiLedger

@testable import PhiMeetings

/// The lines of a receipt, to change them one by one.
struct ReceiptText {
    var lines: [String]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    var text: String { lines.joined(separator: "\n") }

    func index(_ key: ReceiptLine) throws -> Int {
        try required(lines.firstIndex { $0.hasPrefix(key.rawValue + " ") })
    }

    func bytes(_ key: ReceiptLine) throws -> [UInt8] {
        let value = lines[try index(key)].dropFirst(key.rawValue.count + 1)
        return try required(Base64Text.padded.decode(value.utf8))
    }

    mutating func set(_ key: ReceiptLine, _ bytes: [UInt8]) throws {
        lines[try index(key)] = key.rawValue + " " + Base64Text.padded.encode(bytes)
    }

    mutating func change(_ key: ReceiptLine, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try bytes(key)
        body(&bytes)
        try set(key, bytes)
    }
}

/// The case of an error, without what it carries.
func caseName(_ error: some Error) -> String {
    String("\(error)".prefix { $0 != "(" })
}
