public import PhiCrypto
import PhiLedger

/// Where a reader stands in a list that is ordered by positions in the chain.
///
/// A cursor is a place between two entries, so the same one leads on in either direction. It is
/// independent of the list and survives a restart; after a reorganization it means the same place
/// of the new chain.
public struct PositionCursor: Hashable, Sendable {
    /// The entry beside which the reader stands; a list goes on behind it.
    public let position: Position

    /// A cursor beside an entry.
    public init(_ position: Position) { self.position = position }

    /// Reads what `text` wrote, or is nil for any other text.
    public init?(_ text: String) {
        guard let bytes = CursorText.bytes(of: text, prefix: "p", count: Position.byteCount) else {
            return nil
        }
        position = Position(reading: bytes, at: 0)
    }

    /// The cursor as callers pass it back.
    public var text: String {
        var bytes: [UInt8] = []
        position.append(to: &bytes)
        return CursorText.text(bytes, prefix: "p")
    }
}

/// Where a reader stands in a list that is ordered by keys.
public struct KeyCursor: Hashable, Sendable {
    /// The last key that was read.
    public let key: VerifyingKey

    /// A cursor behind a key.
    public init(_ key: VerifyingKey) { self.key = key }

    /// Reads what `text` wrote, or is nil for any other text.
    public init?(_ text: String) {
        guard let bytes = CursorText.bytes(of: text, prefix: "k", count: 32) else { return nil }
        key = VerifyingKey(reading: bytes, at: 0)
    }

    /// The cursor as callers pass it back.
    public var text: String { CursorText.text(key.bytes, prefix: "k") }
}

/// Where a reader stands in the minutes of a meeting.
public struct MinutesCursor: Hashable, Sendable {
    /// The last entry that was read.
    public let position: Position
    /// How many leaves were read up to there.
    public let leafCount: UInt64

    /// A cursor of given parts.
    public init(_ position: Position, leafCount: UInt64) {
        self.position = position
        self.leafCount = leafCount
    }

    /// Reads what `text` wrote, or is nil for any other text.
    public init?(_ text: String) {
        let count = Position.byteCount + 8
        guard let bytes = CursorText.bytes(of: text, prefix: "l", count: count) else { return nil }
        position = Position(reading: bytes, at: 0)
        leafCount = bytes[Position.byteCount...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The cursor as callers pass it back.
    public var text: String {
        var bytes: [UInt8] = []
        position.append(to: &bytes)
        bytes.append(bigEndian: leafCount)
        return CursorText.text(bytes, prefix: "l")
    }
}

/// Bytes as lowercase digits behind a letter that tells the kinds of cursors apart.
enum CursorText {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: [UInt8], prefix: Character) -> String {
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(prefix) + String(decoding: text, as: UTF8.self)
    }

    static func bytes(of text: String, prefix: Character, count: Int) -> [UInt8]? {
        guard text.utf8.count == 1 + 2 * count, text.first == prefix else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8.dropFirst() {
            guard let value = digits.firstIndex(of: digit).map({ UInt8($0) }) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
