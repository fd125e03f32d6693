/// Why a measurement could not be made.
enum MeasureFailure: Error, CustomStringConvertible {
    /// A file cannot be read or written.
    case file(path: String, reason: String)
    /// A genesis file does not describe a network.
    case network(path: String, reason: String)
    /// An option asks for something that cannot be.
    case option(String)
    /// What was generated is not valid: a fault of this program.
    case generated(String)
    /// A node answered something else than was expected.
    case answer(String)
    /// A node refused what it should have taken.
    case refused(String)
    /// Something did not happen in the time that it should take at most.
    case timedOut(String)

    var description: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)"
        case .network(let path, let reason): "\(path) is no genesis file: \(reason)"
        case .option(let text): text
        case .generated(let text): "the generated chain is wrong: \(text)"
        case .answer(let text): "unexpected answer: \(text)"
        case .refused(let text): "refused: \(text)"
        case .timedOut(let text): "no answer in time: \(text)"
        }
    }
}
