#if canImport(Glibc)
    import Glibc
#endif

/// Ends the program with a sentence when something does not hold, so that libFuzzer keeps the input.
func claim(_ holds: Bool, _ sentence: () -> String) {
    guard !holds else { return }
    standardError("phi-fuzz: \(Catalog.chosen.name): \(sentence())\n")
    abort()
}

/// Ends the program when two values differ.
func claimEqual<Value: Equatable>(
    _ found: @autoclosure () -> Value,
    _ expected: @autoclosure () -> Value,
    _ subject: String
) {
    let (found, expected) = (found(), expected())
    claim(found == expected) { "\(subject): found \(found), expected \(expected)" }
}

/// Writes a text where libFuzzer writes.
func standardError(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
}
