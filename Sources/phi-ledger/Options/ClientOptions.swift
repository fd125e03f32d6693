import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiDaemon
import PhiLedger
import PhiMeetings

/// Whether documents are wanted.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON, one document a line.")
    var json = false

    var console: Console { Console(isJSON: json) }
}

/// Which network is meant.
struct NetworkOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The network: main, test, dev or a genesis file.", valueName: "network")
    )
    var network = ConfigurationNetwork.standard

    func document() throws -> GenesisDocument { try ConfigurationNetwork.document(network) }

    /// The folder where a node of the network keeps its data by default.
    func folder() throws -> String {
        try ConfigurationNetwork.standardFolder(document().network.name)
    }
}

/// Which node is called.
struct NodeOptions: ParsableArguments {
    @OptionGroup var network: NetworkOptions

    @Option(name: .customLong("rpc-url"), help: "The node's address.")
    var address = "http://127.0.0.1:7180"

    @Option(
        name: .long,
        help: "The file with the node's token; the local node's unless given.",
        completion: .file()
    )
    var tokenFile: String?

    @Option(name: .long, help: "Seconds that one call of the node may take.")
    var timeout: Double = 30

    func validate() throws {
        guard timeout.isFinite, (0.001...86_400).contains(timeout) else {
            throw ValidationError("--timeout must be a number of seconds from 0.001 to 86400.")
        }
    }

    /// Lends a client of the node.
    func with<Result: Sendable>(
        _ body: (NodeClient) async throws -> Result
    ) async throws -> Result {
        Interrupt.begin()
        let settings = NodeClient.Settings(
            address: address,
            token: try token(),
            patience: .seconds(timeout)
        )
        return try await NodeClient.with(settings, body)
    }

    private func token() throws -> String? {
        let path: String
        if let tokenFile {
            path = tokenFile
        } else if let folder = try? network.folder() {
            path = folder + "/rpc.token"
        } else {
            return nil
        }
        let bytes: [UInt8]
        do { bytes = try PrivateFile.read(path, limit: 4_096, isSecret: false) } catch {
            // Without a token most methods can be called; a file that was named must be there.
            guard tokenFile != nil else { return nil }
            throw error
        }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandFailure("The file \(path) holds no token; name the node's rpc.token.")
        }
        return text
    }
}

/// Which keystore is used.
struct KeystoreOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "The keystore file; “keystore” in the network's data folder unless given.",
        completion: .file()
    )
    var keystore: String?

    @Option(
        name: .long,
        help: "A file whose first line is the keystore's passphrase.",
        completion: .file()
    )
    var passphraseFile: String?

    func path(_ network: NetworkOptions) throws -> String {
        try keystore ?? network.folder() + "/keystore"
    }

    /// Opens the keystore, asking for its passphrase where it is sealed and a person is there.
    func open(_ network: NetworkOptions) throws -> Keystore {
        let path = try path(network)
        guard try Keystore.isSealed(at: path) else { return try Keystore.open(at: path) }
        let passphrase = try Passphrase.read(passphraseFile, prompt: "Passphrase of \(path): ")
        return try Keystore.open(at: path, passphrase: passphrase)
    }
}

/// Everything that a command about meetings needs.
struct ParticipantOptions: ParsableArguments {
    @OptionGroup var node: NodeOptions
    @OptionGroup var keys: KeystoreOptions
    @OptionGroup var output: OutputOptions

    /// Lends a participant; what it does is shown while it is done.
    ///
    /// Minutes of meetings that this keystore's owner ended are signed when their time has come.
    func with<Result: Sendable>(
        _ body: (Participant) async throws -> Result
    ) async throws -> Result {
        let progress = StampProgress()
        return try await with(progress, observe: progress.show) { participant in
            let result = try await body(participant)
            await tend(participant)
            return result
        }
    }

    /// Lends a participant that tells its steps to a closure.
    func with<Result: Sendable>(
        _ progress: StampProgress,
        observe: @escaping @Sendable (Participant.Step) -> Void,
        _ body: (Participant) async throws -> Result
    ) async throws -> Result {
        let network = try node.network.document().network
        let keystore = try keys.open(node.network)
        return try await node.with { client in
            do {
                let participant = try await Participant(
                    at: client,
                    keystore: keystore,
                    network: network,
                    observe: observe
                )
                let result = try await body(participant)
                progress.end()
                return result
            } catch {
                progress.end()
                throw error
            }
        }
    }

    /// Signs minutes that are due; what hinders it does not make the command fail.
    private func tend(_ participant: Participant) async {
        do {
            for written in try await participant.tendAll() {
                output.console.note(
                    "Signed the minutes of the meeting \(Wording.short(written.entry.meeting))…, "
                        + "whose end is settled."
                )
            }
        } catch {
            let sentence = Failure.describe(error)?.1 ?? "\(error)"
            output.console.note("Minutes of yours are not signed yet: \(sentence)")
        }
    }

    /// Reads a meeting as the command line names it; `-` takes a link from standard input.
    func reference(_ text: String) throws -> MeetingReference {
        let named = text == "-" ? try StandardInput.line() : text
        let prefix = try node.network.document().network.prefix
        do { return try MeetingReference(named, prefix: prefix) } catch {
            throw ParticipantFailure.link(error)
        }
    }

    /// The keystore, where there is one: reading a public meeting needs none.
    func keystoreIfAny() throws -> Keystore? {
        guard keys.keystore == nil else {
            return try keys.open(node.network)
        }
        do { return try keys.open(node.network) } catch {
            guard case .file(.absent(_))? = error as? KeystoreFailure else { throw error }
            return nil
        }
    }
}
