import ArgumentParser
import Synchronization

/// The program: reads the command line, runs the command, and ends with the right status.
@main
enum Program {
    static func main() async {
        let work = Task { await run(CommandLine.arguments.dropFirst()) }
        Interrupt.action.withLock { $0 = { work.cancel() } }
        Exit.end(with: await work.value)
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
