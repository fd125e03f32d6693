/// What keeps a node from stopping where it should have answered with an error.
enum SafetyRules {
    /// Files that may say `@unchecked Sendable` or `nonisolated(unsafe)`, each with the reason in it.
    static let trusted: Set = ["Sources/PhiLevelDB/SharedHandle.swift"]

    /// How the names of programs begin, which may print.
    private static let programs = "phi-"

    /// Traps, prints and promises that nobody checks.
    static func traps(_ file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        var found: [Violation] = []
        func refuse(_ places: [Int], _ message: String) {
            found += places.map { file.violation(tokens[$0].line, message) }
        }
        refuse(tokens.places(of: "try!"), "says try!")
        refuse(tokens.places(of: "preconditionFailure", "(", ")"), "stops without saying why")
        for word in ["fatalError", "assertionFailure"] {
            refuse(tokens.places(of: word, "("), "says \(word)(")
        }
        if !file.target.hasPrefix(programs) {
            for word in ["print", "debugPrint", "dump"] {
                let calls = tokens.places(of: word, "(").filter {
                    ![".", "func"].contains(tokens.text($0 - 1))
                }
                refuse(calls, "a library says \(word)(")
            }
        }
        return found
    }

    /// Claims about threads that the compiler cannot check, outside the list.
    static func claims(_ file: SourceFile, trusted: Set<String> = trusted) -> [Violation] {
        guard !trusted.contains(file.path) else { return [] }
        let tokens = file.tokens
        let claims =
            tokens.places(of: "@", "unchecked")
            + tokens.places(of: "nonisolated", "(", "unsafe")
        return claims.map { file.violation(tokens[$0].line, "claims what no compiler checks") }
    }

    /// C modules, each with the only target that imports it.
    static let owners = [
        "COpenSSL": "PhiCrypto", "CHashing": "PhiCrypto", "CLevelDB": "PhiLevelDB",
        "CGenesis": "PhiAPI", "CReference": "phi-measure", "CWeb": "PhiRPC",
    ]

    /// Imports of a C module by a target that does not own it.
    static func ownership(_ file: SourceFile) -> [Violation] {
        file.imports.compactMap { module in
            guard let owner = owners[module.text], owner != file.target else { return nil }
            return file.violation(module.line, "imports \(module.text), which \(owner) owns")
        }
    }
}
