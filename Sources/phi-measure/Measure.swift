import ArgumentParser

/// The command that measures.
@main struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phi-measure",
        abstract: "Measures the parts of Phi, and makes the chains for it.",
        subcommands: [
            ChainCommand.self, VerifyCommand.self, HashCommand.self, IngestCommand.self,
            ConnectCommand.self, JoinsCommand.self,
            SyncCommand.self, HeadersCommand.self, SubmitCommand.self, PagesCommand.self,
            LoadCommand.self, ConstantCommand.self, RelayCommand.self, RoundTripCommand.self,
        ]
    )
}
