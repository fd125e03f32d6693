import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// Who somebody is.
struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Make, show and back up the keystore that all keys follow from.",
        subcommands: [
            IdentityCreate.self, IdentityShow.self, IdentityExport.self, IdentityImport.self,
        ]
    )
}

/// Makes a keystore with a new identity.
struct IdentityCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a keystore with a new identity.",
        discussion: """
            The keystore is a file that only you can read. With a passphrase it is sealed as well.

            Examples:
              phi-ledger identity create --network dev
              phi-ledger identity create --keystore ~/alice --passphrase-file ~/alice.pass
            """
    )

    @OptionGroup var network: NetworkOptions
    @OptionGroup var keys: KeystoreOptions

    @Flag(name: .long, help: "Leave the keystore unsealed without asking.")
    var noPassphrase = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !noPassphrase || keys.passphraseFile == nil else {
            throw ValidationError("--no-passphrase and --passphrase-file exclude each other.")
        }
    }

    func run() async throws {
        let path = try keys.path(network)
        let passphrase = noPassphrase ? nil : try Passphrase.choose(keys.passphraseFile)
        let contents = KeystoreContents(seed: .fresh(), device: Self.device())
        _ = try Keystore.create(at: path, contents: contents, passphrase: passphrase)
        try IdentityText.show(contents, path: path, isSealed: passphrase != nil, output.console)
    }

    /// A number for this device; 32 random bits hardly meet twice among one person's devices.
    static func device() -> UInt32 {
        Chance.bytes(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Shows the identity, or the key in one meeting.
struct IdentityShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the identity, or the key that you write with in one meeting.",
        discussion: """
            Each meeting has a key of its own. Where the host names who may write, send the host the
            key that --meeting shows.

            Examples:
              phi-ledger identity show
              phi-ledger identity show --meeting phi:phi1…
            """
    )

    @Option(name: .long, help: "A link or the id of a meeting; - reads a link from standard input.")
    var meeting: String?

    @OptionGroup var network: NetworkOptions
    @OptionGroup var keys: KeystoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let path = try keys.path(network)
        let isSealed = try Keystore.isSealed(at: path)
        let contents = try keys.open(network).contents()
        guard let meeting else {
            return try IdentityText.show(
                contents,
                path: path,
                isSealed: isSealed,
                output.console
            )
        }
        let found = try network.document().network
        let named = meeting == "-" ? try StandardInput.line() : meeting
        let reference: MeetingReference
        do { reference = try MeetingReference(named, prefix: found.prefix) } catch {
            throw ParticipantFailure.link(error)
        }
        let kept =
            contents[reference.meeting]
            ?? KeptMeeting(chain: found.chain, meeting: reference.meeting)
        let author = try Participant.author(of: kept, in: contents)
        output.console.emit(
            [
                "meeting": .string(reference.meeting.hex), "author": .string(author.hex),
                "isHost": .bool(kept.isHost),
            ],
            author.hex
        )
    }
}

/// Writes a backup.
struct IdentityExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a backup of the keystore.",
        discussion: """
            The backup is sealed with a passphrase of its own. Whoever has the backup and the
            passphrase is you.

            Examples:
              phi-ledger identity export -o backup.phi-keystore
              phi-ledger identity export --backup-passphrase-file pass > backup.phi-keystore
            """
    )

    @Option(name: .shortAndLong, help: "The file to write; standard output unless given.")
    var output: String?

    @Option(
        name: .long,
        help: "A file whose first line is the backup's passphrase.",
        completion: .file()
    )
    var backupPassphraseFile: String?

    @Flag(name: .long, help: "Leave the backup unsealed: whoever reads it is you.")
    var unsealed = false

    @OptionGroup var network: NetworkOptions
    @OptionGroup var keys: KeystoreOptions

    func validate() throws {
        guard !unsealed || backupPassphraseFile == nil else {
            throw ValidationError("--unsealed and --backup-passphrase-file exclude each other.")
        }
    }

    func run() async throws {
        let keystore = try keys.open(network)
        let passphrase = unsealed ? nil : try Passphrase.choose(backupPassphraseFile)
        guard unsealed || passphrase != nil else {
            throw CommandFailure(
                "A backup needs a passphrase; give --backup-passphrase-file, or --unsealed."
            )
        }
        let text = try keystore.backup(passphrase: passphrase)
        guard let output else { return Terminal.standardOutput.write(text) }
        try PrivateFile.write(new: output, text)
    }
}

/// Restores a backup.
struct IdentityImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Restore a keystore from a backup.",
        discussion: """
            The restored keystore signs with the same keys as the old one, so use one of the two
            only. With --new-device it has the same identity and keys of its own.

            Examples:
              phi-ledger identity import backup.phi-keystore
              phi-ledger identity import --new-device - < backup.phi-keystore
            """
    )

    @Argument(help: "The backup; - reads standard input.", completion: .file())
    var file: String

    @Option(
        name: .long,
        help: "A file whose first line is the backup's passphrase.",
        completion: .file()
    )
    var backupPassphraseFile: String?

    @Flag(name: .long, help: "Use keys of this device's own, beside those of the backup's device.")
    var newDevice = false

    @OptionGroup var network: NetworkOptions
    @OptionGroup var keys: KeystoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let limit = 64 << 20
        let text =
            file == "-"
            ? try PrivateFile.readAll(0, "standard input", limit: limit)
            : try PrivateFile.read(file, limit: limit, isSecret: false)
        var contents: KeystoreContents
        do {
            contents = try Keystore.contents(ofBackup: text, passphrase: nil)
        } catch .passphraseNeeded {
            let passphrase = try Passphrase.read(
                backupPassphraseFile,
                prompt: "Passphrase of the backup: "
            )
            contents = try Keystore.contents(ofBackup: text, passphrase: passphrase)
        }
        if newDevice {
            var fresh = KeystoreContents(seed: contents.seed, device: IdentityCreate.device())
            for meeting in contents.all where !meeting.isHost {
                var kept = meeting
                kept.outbox = []
                fresh[meeting.meeting] = kept
            }
            contents = fresh
        }
        let path = try keys.path(network)
        let passphrase = try Passphrase.choose(keys.passphraseFile)
        _ = try Keystore.create(at: path, contents: contents, passphrase: passphrase)
        try IdentityText.show(contents, path: path, isSealed: passphrase != nil, output.console)
    }
}

/// How an identity is shown.
enum IdentityText {
    static func show(
        _ contents: KeystoreContents,
        path: String,
        isSealed: Bool,
        _ console: Console
    ) throws {
        let key = try contents.seed.identityKey().verifyingKey
        console.emit(
            [
                "identity": .string(key.hex), "device": .integer(Int64(contents.device)),
                "keystore": .string(path), "isSealed": .bool(isSealed),
                "meetings": .integer(Int64(contents.all.count)),
            ],
            """
            identity  \(key.hex)
            device    \(contents.device)
            keystore  \(path) (\(isSealed ? "sealed" : "not sealed"))
            meetings  \(contents.all.count)
            """
        )
    }
}
