/// Cuts Swift source into tokens; comments and the text of string literals fall away.
struct Lexer {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var tokens: [Token] = []

    /// The tokens of a text.
    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(bytes: Array(text.utf8))
        lexer.code(inside: false)
        return lexer.tokens
    }

    /// Whether a byte belongs to a word; every byte of a non-ASCII character does.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        index + offset < bytes.count ? bytes[index + offset] : nil
    }

    private func sees(_ text: String) -> Bool {
        bytes[index...].starts(with: text.utf8)
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") { line += 1 }
            index += 1
        }
    }

    /// Reads code to the end, or inside an interpolation to its closing parenthesis.
    private mutating func code(inside: Bool) {
        var depth = 0
        while let byte = byte() {
            if sees("//") {
                while let byte = self.byte(), byte != UInt8(ascii: "\n") { advance() }
            } else if sees("/*") {
                while self.byte() != nil, !sees("*/") { advance() }
                advance(2)
            } else if byte == UInt8(ascii: "\"") || isRawString() {
                string()
            } else if Self.isWord(byte) {
                word()
            } else if byte <= UInt8(ascii: " ") || byte == UInt8(ascii: "`") {
                advance()
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                if inside, depth < 0 { return }
                tokens.append(Token(text: String(UnicodeScalar(byte)), line: line))
                advance()
            }
        }
    }

    private func isRawString() -> Bool {
        var offset = 0
        while byte(offset) == UInt8(ascii: "#") { offset += 1 }
        return offset > 0 && byte(offset) == UInt8(ascii: "\"")
    }

    private mutating func word() {
        let start = index
        while let byte = byte(), Self.isWord(byte) { advance() }
        if bytes[start..<index].elementsEqual("try".utf8), byte() == UInt8(ascii: "!") { advance() }
        tokens.append(
            Token(text: String(decoding: bytes[start..<index], as: UTF8.self), line: line)
        )
    }

    private mutating func string() {
        tokens.append(Token(text: "\"", line: line))
        var fence = ""
        while byte() == UInt8(ascii: "#") {
            fence += "#"
            advance()
        }
        let quote = sees("\"\"\"") ? "\"\"\"" : "\""
        advance(quote.utf8.count)
        while byte() != nil, !sees(quote + fence) {
            if sees("\\" + fence + "(") {
                advance(2 + fence.utf8.count)
                code(inside: true)
                advance()
            } else if sees("\\" + fence) {
                advance(2 + fence.utf8.count)
            } else {
                advance()
            }
        }
        advance(quote.utf8.count + fence.utf8.count)
    }
}
