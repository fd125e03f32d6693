#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the program's end tells to a script.
enum ExitStatus: Int32 {
    /// All was done.
    case done = 0
    /// Something went wrong.
    case failed = 1
    /// The command line is wrong.
    case usage = 2
    /// No node answers.
    case unreachable = 3
    /// A rule refused it.
    case refused = 4
    /// Time ran out.
    case timedOut = 5
    /// The user ended it, as shells count an end by SIGINT.
    case interrupted = 130
}

/// Ends the process.
enum Exit {
    static func end(with status: ExitStatus) -> Never { exit(status.rawValue) }
}

/// A failure that the command itself found, with the sentence to print.
struct CommandFailure: Error {
    let status: ExitStatus
    let sentence: String

    init(_ sentence: String, status: ExitStatus = .failed) {
        self.sentence = sentence
        self.status = status
    }
}

/// A failure that was printed already, as a document.
struct ReportedFailure: Error {
    let status: ExitStatus
}
