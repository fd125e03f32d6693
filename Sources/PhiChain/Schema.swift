import PhiConsensus
import PhiCrypto
import PhiLedger

/// The kinds of records in the store: each is the first byte of its keys.
///
/// Integers in keys are big-endian, so that byte order is number order. Raise `currentVersion`
/// whenever a kind, a key or a value changes its form; a program refuses a newer version.
public enum Schema: UInt8, CaseIterable, Sendable {
    /// name byte → facts about the whole store
    case fact = 0x00
    /// height 4 → header 156, on the connected chain
    case header = 0x01
    /// block hash 32 → height 4, on the connected chain
    case height = 0x02
    /// height 4, index 2 → envelope and payload
    case entry = 0x03
    /// entry id 32 → height 4, index 2
    case position = 0x04
    /// meeting 32, height 4, index 2 → nothing; an `open` counts to its own meeting
    case meetingEntry = 0x05
    /// author 32, height 4, index 2 → nothing
    case authorEntry = 0x06
    /// height 4, index 2 of an `open` → meeting 32
    case opening = 0x07
    /// meeting 32 → `MeetingState`
    case meeting = 0x08
    /// meeting 32, author 32 → `AuthorState`
    case author = 0x09
    /// author 32 → heights 4 each of its last `open` entries
    case openings = 0x0a
    /// height 4 → `UndoRecord`
    case undo = 0x0b
    /// level 1, index 4 → root of a perfect subtree of the history tree, from level 5 up
    case history = 0x0c
    /// block hash 32 → header 156 and body, off the connected chain
    case sideBlock = 0x0d
    /// entry id 32 → arrival 8 (little-endian) and an entry of the pool that was promised to its sender
    case pooled = 0x0e

    /// The version of the whole layout.
    public static let currentVersion: UInt32 = 1

    /// The facts about the whole store.
    public enum Fact: UInt8, Sendable {
        /// The version of the layout, 4 bytes big-endian.
        case version = 0
        /// The genesis header and the parameters, which name the network.
        case network = 1
        /// Height 4 big-endian and hash of the last connected block.
        case tip = 2
    }

    /// The key of this kind with given parts after the kind's byte.
    public func key(_ parts: [UInt8]...) -> [UInt8] {
        var key = [rawValue]
        for part in parts { key.append(contentsOf: part) }
        return key
    }

    /// The first key past all keys of this kind.
    public var end: [UInt8] { [rawValue + 1] }
}

extension Schema {
    static func key(of fact: Fact) -> [UInt8] { [Schema.fact.rawValue, fact.rawValue] }

    static func key(_ kind: Schema, _ height: Height) -> [UInt8] {
        var key = [kind.rawValue]
        key.append(bigEndian: height.rawValue)
        return key
    }

    static func key(_ kind: Schema, _ name: some FixedBytes32) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(39)
        key.append(kind.rawValue)
        name.append(to: &key)
        return key
    }

    static func key(_ kind: Schema, _ position: Position) -> [UInt8] {
        var key = [kind.rawValue]
        position.append(to: &key)
        return key
    }

    static func key(
        _ kind: Schema,
        _ name: some FixedBytes32,
        _ position: Position
    ) -> [UInt8] {
        var key = key(kind, name)
        position.append(to: &key)
        return key
    }

    static func key(_ slot: AuthorSlot) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(65)
        key.append(author.rawValue)
        slot.meeting.append(to: &key)
        slot.author.append(to: &key)
        return key
    }

    static func key(historyLevel level: Int, index: UInt64) -> [UInt8] {
        var key = [history.rawValue, UInt8(level)]
        key.append(bigEndian: UInt32(truncatingIfNeeded: index))
        return key
    }
}
