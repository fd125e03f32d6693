import ArgumentParser

/// The command with all its parts.
struct PhiLedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phi-ledger",
        abstract: "A meeting anyone can join with a link, and a record nobody can quietly rewrite.",
        discussion: """
            Start a node, make an identity, open a meeting, and write:

              phi-ledger node run --network dev --mine
              phi-ledger identity create --network dev
              phi-ledger meeting create --network dev --title "Stand-up"
              phi-ledger chat --network dev LINK
              phi-ledger send message --network dev LINK "Good morning"
              phi-ledger history --network dev LINK

            Exit status: 0 done, 1 failed, 2 wrong use, 3 no node answers,
            4 refused by a rule, 5 time ran out.
            """,
        version: Version.text,
        subcommands: [
            NodeCommand.self, IdentityCommand.self, MeetingCommand.self, ChatCommand.self,
            SendCommand.self, HistoryCommand.self, EntryCommand.self, ReceiptCommand.self,
            MinutesCommand.self, ChainCommand.self, PeerCommand.self, MinerCommand.self,
            GenesisCommand.self,
        ]
    )
}

/// The version of the program.
enum Version {
    static let text = "0.1.0"
}
