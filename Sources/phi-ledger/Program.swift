import ArgumentParser
import Dispatch

/// The program: reads the command line, runs the command, and ends with the right status.
@main
enum Program {
    static func main() async {
        let work = Task { await run(CommandLine.arguments.dropFirst()) }
        let interrupt = Interrupt { work.cancel() }
        let status = await work.value
        interrupt.end()
        Exit.end(with: status)
    }

    private static func run(_ arguments: ArraySlice<String>) async -> ExitStatus {
        do {
            var command = try PhiLedgerCommand.parseAsRoot(Array(arguments))
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
            return .done
        } catch {
            return report(error)
        }
    }

    /// Tells what went wrong, or prints the help that was asked for.
    private static func report(_ error: any Error) -> ExitStatus {
        if let (status, sentence) = Failure.describe(error) {
            if let sentence { Terminal.standardError.line("phi-ledger: \(sentence)") }
            return status
        }
        let code = PhiLedgerCommand.exitCode(for: error)
        let text = PhiLedgerCommand.fullMessage(for: error)
        guard code != .success else {
            if !text.isEmpty { Terminal.standardOutput.line(text) }
            return .done
        }
        if !text.isEmpty { Terminal.standardError.line(text) }
        return code == .validationFailure ? .usage : .failed
    }
}

/// Ends the command in good order when the user types Ctrl-C; a second time ends it at once.
struct Interrupt {
    private let source: any DispatchSourceSignal

    init(_ action: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            signal(SIGINT, SIG_DFL)
            action()
        }
        source.activate()
    }

    /// Makes Ctrl-C cancel instead of kill, for commands that can be canceled.
    static func begin() { signal(SIGINT, SIG_IGN) }

    func end() { source.cancel() }
}
