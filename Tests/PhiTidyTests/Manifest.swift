/// What `Package.swift` says about the targets, read from its text.
struct Manifest: Sendable {
    /// The targets of the core, each with the modules that it may import.
    private(set) var core: [String: Set<String>] = [:]

    /// Reads the calls of `pure("Name", uses: "A", "B")`.
    init(_ text: String) {
        for call in text.ranges(of: "pure(") {
            let rest = text[call.upperBound...].prefix { $0 != ")" }
            let names = rest.split(separator: "\"", omittingEmptySubsequences: false)
                .enumerated().filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
            guard let name = names.first else { continue }
            core[name] = Set(names.dropFirst())
        }
    }
}
