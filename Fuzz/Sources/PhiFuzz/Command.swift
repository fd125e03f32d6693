#if canImport(Glibc)
    import Glibc
#endif

/// What the program does beside fuzzing.
enum Command {
    private static let usage = """
        usage: phi-fuzz list                   every target and what it tries
               phi-fuzz seeds TARGET FOLDER    writes the inputs to begin with
               phi-fuzz show TARGET            what inputs lead to, for the reference
               PHI_FUZZ_TARGET=TARGET phi-fuzz [OPTIONS OF LIBFUZZER] [FOLDER...]

        """

    /// Carries out a command, or is nil where the words are for libFuzzer.
    static func run(_ words: [String]) -> CInt? {
        switch words.first {
        case "list":
            for target in Catalog.all { standardOutput("\(target.name)\t\(target.summary)\n") }
            return 0
        case "seeds" where words.count == 3: return seeds(words[1], words[2])
        case "show" where words.count == 2: return show(words[1])
        case "help", "--help", "-h":
            standardOutput(usage)
            return 0
        default:
            guard Catalog.isChosen else {
                standardError("phi-fuzz: no target is named by PHI_FUZZ_TARGET\n" + usage)
                return 2
            }
            return nil
        }
    }

    private static func target(_ name: String) -> FuzzTarget? {
        let found = Catalog.named(name)
        if found == nil { standardError("phi-fuzz: no target is called \(name); see list\n") }
        return found
    }

    private static func seeds(_ name: String, _ folder: String) -> CInt {
        guard let target = target(name) else { return 2 }
        for (index, seed) in target.seeds().enumerated() {
            guard seed.count <= target.byteLimit else {
                standardError("phi-fuzz: seed \(index) of \(name) is over the limit\n")
                return 1
            }
            guard File.write(seed, to: "\(folder)/seed-\(index)") else { return 1 }
        }
        return 0
    }

    /// Reads inputs from standard input, each behind its length in four little-endian bytes.
    private static func show(_ name: String) -> CInt {
        guard let target = target(name), let text = File.read(descriptor: 0) else { return 2 }
        guard let transcript = target.transcript else {
            standardError("phi-fuzz: \(name) is not compared with the reference\n")
            return 2
        }
        var supply = Supply(text)
        var lines = ""
        while !supply.isEmpty {
            let count = Int(supply.integer(as: UInt32.self))
            if let line = transcript(supply.take(count)) { lines += line + "\n" }
        }
        standardOutput(lines)
        return 0
    }

    private static func standardOutput(_ text: String) {
        _ = File.write(Array(text.utf8), to: 1)
    }
}

/// Whole files.
enum File {
    static func read(descriptor: CInt) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let size = chunk.count
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, size)
            }
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            standardError("phi-fuzz: \(path) cannot be written\n")
            return false
        }
        defer { close(descriptor) }
        return write(bytes, to: descriptor)
    }

    static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }
}
