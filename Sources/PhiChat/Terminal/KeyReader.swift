/// Makes keys of the bytes that a terminal sends.
///
/// Sequences may arrive in parts. Whatever is not understood is dropped whole, so that no part of it
/// is taken for text.
struct KeyReader: Sendable {
    /// Bytes of one paste that are kept.
    static let pasteLimit = 1 << 20
    /// Bytes of one sequence's parameters that are kept.
    private static let sequenceLimit = 32

    private enum State: Equatable {
        case ground
        case escape
        case control([UInt8])
        case function
        case console
        case letter([UInt8], missing: Int)
        case paste
    }

    private static let pasteEnd = Array("\u{1b}[201~".utf8)

    private var state = State.ground
    private var pasted: [UInt8] = []
    private var pastedCount = 0
    /// The bytes at the end of a paste that may begin its end mark.
    private var markCount = 0

    /// Whether more bytes would complete a key, so that a pause means something.
    var isWaiting: Bool { state == .escape }

    /// Takes bytes in and returns the keys that they complete.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes {
            guard let key = take(byte) else { continue }
            // Letters that come together are one change of the line.
            if case .text(let more) = key, case .text(let text)? = keys.last {
                keys[keys.count - 1] = .text(text + more)
            } else {
                keys.append(key)
            }
        }
        return keys
    }

    /// Says that nothing came for a while, so that an escape stands for itself.
    mutating func pause() -> Key? {
        guard state == .escape else { return nil }
        state = .ground
        return .escape
    }

    private mutating func take(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return ground(byte)
        case .escape: return afterEscape(byte)
        case .control(let parameters): return control(byte, parameters)
        case .function:
            state = .ground
            return KeySequence.function(byte)
        case .console:
            state = .ground
            return nil
        case .letter(let bytes, let missing): return letter(byte, bytes, missing)
        case .paste: return inPaste(byte)
        }
    }

    private mutating func ground(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape
            return nil
        case 0x00..<0x20, 0x7F: return KeySequence.control(byte)
        case 0x20..<0x7F: return .text(String(UnicodeScalar(byte)))
        case 0xC2...0xDF: state = .letter([byte], missing: 1)
        case 0xE0...0xEF: state = .letter([byte], missing: 2)
        case 0xF0...0xF4: state = .letter([byte], missing: 3)
        default: return .text("\u{FFFD}")
        }
        return nil
    }

    private mutating func letter(_ byte: UInt8, _ bytes: [UInt8], _ missing: Int) -> Key? {
        guard (0x80...0xBF).contains(byte) else {
            // The letter was cut off; the byte begins something else.
            state = .ground
            let next = ground(byte)
            guard case .text(let text)? = next else { return next ?? .text("\u{FFFD}") }
            return .text("\u{FFFD}" + text)
        }
        let whole = bytes + [byte]
        guard missing == 1 else {
            state = .letter(whole, missing: missing - 1)
            return nil
        }
        state = .ground
        return .text(String(decoding: whole, as: UTF8.self))
    }

    private mutating func afterEscape(_ byte: UInt8) -> Key? {
        state = .ground
        switch byte {
        case UInt8(ascii: "["): state = .control([])
        case UInt8(ascii: "O"): state = .function
        case 0x1B: state = .escape
        default: return KeySequence.alternate(byte)
        }
        return nil
    }

    private mutating func control(_ byte: UInt8, _ parameters: [UInt8]) -> Key? {
        switch byte {
        case UInt8(ascii: "[") where parameters.isEmpty:
            state = .console
            return nil
        case 0x20..<0x40:
            let kept = parameters.count < Self.sequenceLimit ? parameters + [byte] : parameters
            state = .control(kept)
            return nil
        case 0x40..<0x7F:
            state = .ground
            let text = String(decoding: parameters, as: UTF8.self)
            guard byte == UInt8(ascii: "~"), text == "200" else {
                return KeySequence.control(final: byte, parameters: text)
            }
            state = .paste
            (pasted, pastedCount, markCount) = ([], 0, 0)
            return nil
        case 0x1B:
            state = .escape
            return nil
        default:
            state = .ground
            return nil
        }
    }

    private mutating func inPaste(_ byte: UInt8) -> Key? {
        if byte == Self.pasteEnd[markCount] {
            markCount += 1
            guard markCount == Self.pasteEnd.count else { return nil }
            state = .ground
            markCount = 0
            defer { pasted = [] }
            return .paste(String(decoding: pasted, as: UTF8.self), byteCount: pastedCount)
        }
        let held = Self.pasteEnd[..<markCount]
        markCount = 0
        for part in held { keep(part) }
        if byte == Self.pasteEnd[0] { markCount = 1 } else { keep(byte) }
        return nil
    }

    private mutating func keep(_ byte: UInt8) {
        pastedCount += 1
        if pasted.count < Self.pasteLimit { pasted.append(byte) }
    }
}
