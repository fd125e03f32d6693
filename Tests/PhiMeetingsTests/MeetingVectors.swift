import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

@testable import PhiMeetings

/// The vectors of `docs/vectors/meetings.json`: all that the page on meetings lays down, made from
/// fixed seeds and salts.
///
/// `scripts/meeting-vectors.py` makes the same file without this code.
struct MeetingVectors {
    static let time = Timestamp(milliseconds: 1_700_000_123_456)

    let network = TestNetwork.make()
    var chain: TestChain

    init() throws {
        chain = TestChain(on: network)
        chain.grow(by: 3)
    }

    /// Bytes that a name fixes.
    static func bytes(_ name: String, count: Int = 32) -> [UInt8] {
        Array(SHA256.hash(Array("meeting vectors: \(name)".utf8)).bytes[..<count])
    }

    static func salt(_ name: String) -> [UInt8] { bytes("salt \(name)", count: 16) }

    static func secret(_ name: String) throws -> MeetingSecret {
        try required(MeetingSecret(bytes("secret \(name)")))
    }

    static func digest(_ name: String) -> Digest { Digest(reading: bytes(name), at: 0) }

    static func keys(_ name: String, device: UInt32) -> AuthorKeys {
        AuthorKeys(identity: SecretBytes(copying: bytes("identity \(name)")), device: device)
    }

    /// The whole document.
    func document() throws -> VectorValue {
        let story = try Story(self)
        return .object([
            (
                "about",
                .text("What docs/meetings.md lays down; reproduced by scripts/meeting-vectors.py.")
            ),
            (
                "network",
                .object([
                    ("prefix", .text(network.prefix)),
                    ("parameters", .hex(network.parameters.encoded)),
                    ("genesis", .hex(network.genesis.encoded)),
                    ("chain", .hex(network.chain)),
                ])
            ),
            ("keys", .list(try [("host", 0), ("guest", 0x0102_0304)].map(Self.keyVector))),
            ("secrets", .list(try ["first", "second"].map(Self.secretVector))),
            ("links", .list(try Self.links())),
            ("padding", .list(Self.padding())),
            ("titles", .list(try Self.titles())),
            ("epoch", try Self.epoch()),
            ("contents", .list(try Self.contents())),
            ("entries", .list(story.entries)),
            ("minutes", story.minutes),
            ("receipts", .list(try story.receipts())),
            ("minutesFiles", .list(try story.minutesFiles())),
        ])
    }

    private static func keyVector(_ name: String, _ device: UInt32) throws -> VectorValue {
        let keys = keys(name, device: device)
        let meeting = digest("meeting")
        let salt = salt("open")
        return .object([
            ("identity", .hex(bytes("identity \(name)"))),
            ("device", .number(UInt64(device))),
            ("meeting", .hex(meeting)),
            ("authorSeed", .hex(try keys.authorSeed(meeting: meeting).exposed())),
            ("author", .hex(try keys.author(meeting: meeting).verifyingKey)),
            ("agreementSeed", .hex(try keys.agreementSeed(meeting: meeting).exposed())),
            ("agreement", .hex(try keys.agreement(meeting: meeting).publicKey)),
            ("openSalt", .hex(salt)),
            ("hostSeed", .hex(try keys.hostSeed(openSalt: salt).exposed())),
            ("host", .hex(try keys.host(openSalt: salt).verifyingKey)),
        ])
    }

    private static func secretVector(_ name: String) throws -> VectorValue {
        let secret = try secret(name)
        return .object([
            ("secret", .hex(secret.exposed())),
            ("readCheck", .hex(secret.readCheck)),
            ("readKey", .hex(try secret.readKey().exposed())),
            ("linkSeed", .hex(try secret.derive(Label.link).exposed())),
            ("linkKey", .hex(try secret.linkKey().verifyingKey)),
        ])
    }

    private static func links() throws -> [VectorValue] {
        var links: [VectorValue] = []
        for (prefix, hasSecret, peerCount) in [
            ("phi", false, 0), ("phit", true, 0), ("phid", false, 1), ("phid", true, 4),
        ] {
            let peers = try (0..<peerCount).map { number in
                try required(
                    LinkPeer(
                        address: bytes("address \(number)", count: LinkPeer.addressByteCount),
                        identity: VerifyingKey(reading: bytes("peer \(number)"), at: 0)
                    )
                )
            }
            let link = MeetingLink(
                meeting: digest("meeting"),
                prefix: prefix,
                secret: hasSecret ? try secret("first") : nil,
                peers: peers
            )
            links.append(
                .object([
                    ("meeting", .hex(link.meeting)),
                    ("prefix", .text(prefix)),
                    ("secret", link.secret.map { .hex($0.exposed()) } ?? .null),
                    (
                        "peers",
                        .list(
                            peers.map {
                                .object([
                                    ("address", .hex($0.address)), ("identity", .hex($0.identity)),
                                ])
                            }
                        )
                    ),
                    ("text", .text(link.text)),
                    ("webText", .text(link.webText(node: "https://phi.example"))),
                ])
            )
        }
        return links
    }

    private static func padding() -> [VectorValue] {
        let counts = [
            0, 1, 2, 3, 6, 7, 8, 9, 14, 15, 16, 17, 30, 31, 32, 33, 62, 63, 64, 65, 99, 126, 127,
            128, 129, 254, 255, 256, 257, 1_000, 1_023, 1_024, 1_025, 4_095, 4_096, 30_719, 30_720,
            32_000,
        ]
        return counts.map { count in
            let padded = Padme.padded([UInt8](repeating: 1, count: count)).count
            return .object([
                ("content", .number(UInt64(count))), ("padded", .number(UInt64(padded))),
            ])
        }
    }

    private static func titles() throws -> [VectorValue] {
        let author = VerifyingKey(reading: bytes("author"), at: 0)
        return try [
            ("Board", true, 0), ("Grüße an alle 🌍", true, 7), ("", true, 0),
            ("Town hall", false, 0),
        ].map { (title: String, isPrivate: Bool, sequence: UInt64) in
            let sealed = try MeetingTitle.encode(
                title,
                sealedWith: isPrivate ? try secret("first") : nil,
                salt: salt("title \(title)"),
                author: author,
                sequence: sequence
            )
            return .object([
                ("title", .text(title)),
                ("secret", isPrivate ? .hex(try secret("first").exposed()) : .null),
                ("salt", .hex(salt("title \(title)"))),
                ("author", .hex(author)),
                ("seq", .number(sequence)),
                ("bytes", .hex(sealed)),
            ])
        }
    }
}
