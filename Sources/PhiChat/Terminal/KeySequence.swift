/// The keys that terminals of the usual kinds send sequences for.
enum KeySequence {
    /// The key of a control character.
    static func control(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x01: .home
        case 0x02: .left
        case 0x03: .interrupt
        case 0x04: .endOfInput
        case 0x05: .end
        case 0x06: .right
        case 0x08, 0x7F: .backspace
        case 0x0A, 0x0D: .enter
        case 0x0B: .deleteToEnd
        case 0x0C: .redraw
        case 0x0E: .down
        case 0x10: .up
        case 0x15: .deleteToStart
        case 0x17: .deleteWord
        case 0x1A: .suspend
        default: nil
        }
    }

    /// The key of a letter that was typed with the alternate key, which sends an escape before it.
    static func alternate(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x0A, 0x0D: .newLine
        case 0x08, 0x7F: .deleteWord
        case UInt8(ascii: "b"): .wordLeft
        case UInt8(ascii: "f"): .wordRight
        case UInt8(ascii: "d"): .deleteNextWord
        default: nil
        }
    }

    /// The key of a sequence that begins with escape and O.
    static func function(_ byte: UInt8) -> Key? { arrow(byte) }

    /// The key of a sequence that begins with escape and a bracket.
    static func control(final byte: UInt8, parameters: String) -> Key? {
        let parts = parameters.split(separator: ";", omittingEmptySubsequences: false)
        // The second number says which keys were held: 3 is alternate, 5 is control.
        let isByWord = parts.count == 2 && ["3", "5"].contains(parts[1])
        guard byte == UInt8(ascii: "~") else {
            let key = arrow(byte)
            guard isByWord else { return key }
            return key == .left ? .wordLeft : key == .right ? .wordRight : key
        }
        switch parts.first {
        case "1", "7": return .home
        case "3": return isByWord ? .deleteNextWord : .delete
        case "4", "8": return .end
        case "5": return .pageUp
        case "6": return .pageDown
        default: return nil
        }
    }

    private static func arrow(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        default: nil
        }
    }
}
