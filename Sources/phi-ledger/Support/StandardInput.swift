import PhiClient

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is piped into the program.
enum StandardInput {
    private static let lineByteLimit = 4_096

    /// The first line, such as a link that shall not stand in the list of processes.
    static func line() throws -> String {
        let bytes = try PrivateFile.readAll(0, "standard input", limit: lineByteLimit)
        let line = bytes.prefix { $0 != 0x0A }
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard let text = words.first.map(String.init), words.count == 1 else {
            throw CommandFailure("Standard input has no link; pipe one word into the command.")
        }
        return text
    }

    /// All of the text.
    static func text(limit: Int) throws -> String {
        var bytes = try PrivateFile.readAll(0, "standard input", limit: limit)
        if bytes.last == 0x0A { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("Standard input is not UTF-8; send text.")
        }
        return text
    }
}

/// Asks for what nobody shall see.
enum Passphrase {
    private static let byteLimit = 1_024

    /// The first line of a file, or what a person types.
    static func read(_ file: String?, prompt: String) throws -> [UInt8] {
        if let file {
            let bytes = try PrivateFile.read(file, limit: byteLimit)
            let line = Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D })
            guard !line.isEmpty else {
                throw CommandFailure("The file \(file) has no passphrase in its first line.")
            }
            return line
        }
        guard let typed = try ask(prompt) else {
            throw CommandFailure(
                "The keystore is sealed; give its passphrase with --passphrase-file."
            )
        }
        return typed
    }

    /// A passphrase for something new: typed twice, or from a file; nil where none is wanted.
    static func choose(_ file: String?) throws -> [UInt8]? {
        if file != nil { return try read(file, prompt: "") }
        guard let typed = try ask("Passphrase, or nothing for none: "), !typed.isEmpty else {
            return nil
        }
        guard try ask("The same once more: ") == typed else {
            throw CommandFailure("The two passphrases differ; nothing was made, try again.")
        }
        return typed
    }

    /// What a person types unseen, or nil where no person is there.
    private static func ask(_ prompt: String) throws -> [UInt8]? {
        guard isatty(0) == 1, isatty(2) == 1 else { return nil }
        Terminal.standardError.write(Array(prompt.utf8))
        var saved = termios()
        unsafe tcgetattr(0, &saved)
        var silent = saved
        silent.c_lflag &= ~tcflag_t(ECHO)
        unsafe tcsetattr(0, TCSAFLUSH, &silent)
        defer {
            unsafe tcsetattr(0, TCSAFLUSH, &saved)
            Terminal.standardError.line("")
        }
        return readLine(strippingNewline: true).map { Array($0.utf8) }
    }
}
