import PhiCrypto
import PhiLedger

@testable import PhiMeetings

extension MeetingVectors {
    /// The start of an epoch for two members and one who wants none.
    static func start(_ previous: MeetingSecret?) throws -> EpochStart {
        let meeting = digest("meeting")
        var members: [EpochMember] = []
        for name in ["one", "two"] {
            let keys = keys(name, device: 0)
            members.append(
                EpochMember(
                    author: try keys.author(meeting: meeting).verifyingKey,
                    agreementKey: try keys.agreement(meeting: meeting).publicKey
                )
            )
        }
        members.append(
            EpochMember(
                author: try keys("three", device: 0).author(meeting: meeting).verifyingKey,
                agreementKey: .zero
            )
        )
        var count = 0
        return try EpochStart(
            of: EpochSecret(number: 1, secret: try secret("second")),
            after: previous,
            meeting: meeting,
            for: members
        ) {
            count += 1
            return bytes("ephemeral \(count)")
        }
    }

    static func epoch() throws -> VectorValue {
        let meeting = digest("meeting")
        let open = try start(try secret("first"))
        let closed = try start(nil)
        var members: [VectorValue] = []
        for (index, name) in ["one", "two"].enumerated() {
            let keys = keys(name, device: 0)
            let blob = open.deliveries[0].blobs[index]
            members.append(
                .object([
                    ("author", .hex(blob.author)),
                    ("agreementSeed", .hex(try keys.agreementSeed(meeting: meeting).exposed())),
                    ("agreement", .hex(try keys.agreement(meeting: meeting).publicKey)),
                    ("ephemeralSeed", .hex(bytes("ephemeral \(index + 1)"))),
                    ("ephemeral", .hex(blob.ephemeral)),
                    ("sealed", .hex(blob.sealed)),
                ])
            )
        }
        return .object([
            ("meeting", .hex(meeting)),
            ("epoch", .number(1)),
            ("secret", .hex(try secret("second").exposed())),
            ("previousSecret", .hex(try secret("first").exposed())),
            ("previous", .hex(open.deliveries[0].previous)),
            ("members", .list(members)),
            ("delivery", .hex(try MessageContent.epoch(open.deliveries[0]).encoded())),
            ("bridge", .hex(try MessageContent.epoch(try required(open.bridge)).encoded())),
            (
                "deliveryWithoutHistory",
                .hex(try MessageContent.epoch(closed.deliveries[0]).encoded())
            ),
        ])
    }

    /// Contents of every type, by a name for the reader.
    static func samples() throws -> [(name: String, content: MessageContent)] {
        let entry = digest("entry")
        let author = try keys("guest", device: 0).author(meeting: digest("meeting")).verifyingKey
        let cross = try Profile.CrossSignature(
            signing: author,
            meeting: digest("meeting"),
            with: SigningKey(seed: bytes("identity guest"))
        )
        return [
            ("text", .text("Grüße, 世界 🌍")),
            ("empty text", .text("")),
            ("long text", .text(String(repeating: "0123456789", count: 100))),
            ("reply", .reply(to: entry, "yes")),
            ("reaction", .reaction(to: entry, "👍")),
            ("correction", .correction(of: entry, "I meant \"no\"\nand nothing else")),
            ("file part", .filePart(bytes("file"))),
            ("profile", .profile(Profile(name: "Ada"))),
            ("profile with identity", .profile(Profile(name: "Ada", crossSignature: cross))),
            ("epoch", .epoch(try start(try secret("first")).deliveries[0])),
        ]
    }

    static func contents() throws -> [VectorValue] {
        let meeting = digest("meeting")
        let author = try keys("guest", device: 0).author(meeting: meeting).verifyingKey
        let secret = try secret("first")
        return try samples().enumerated().map { index, sample in
            let sequence = index == 1 ? 1 << 40 + 3 : UInt64(index)
            let place = MessagePlace(meeting: meeting, author: author, sequence: sequence)
            let salt = salt(sample.name)
            let sealed = try SealedContent(
                sealing: sample.content,
                salt: salt,
                in: EpochSecret(number: UInt16(index), secret: secret),
                at: place
            )
            let key = try KeyDerivation.hkdf(
                secret: secret.readKey(),
                salt: salt,
                info: Array("phi/message/1".utf8) + place.bytes
            )
            return .object([
                ("name", .text(sample.name)),
                ("content", fields(of: sample.content)),
                ("encoded", .hex(try sample.content.encoded())),
                ("salt", .hex(salt)),
                ("public", .hex(try PublicContent.payload(of: sample.content, salt: salt))),
                ("secret", .hex(secret.exposed())),
                ("epoch", .number(UInt64(index))),
                ("meeting", .hex(meeting)),
                ("author", .hex(author)),
                ("seq", .number(sequence)),
                ("key", .hex(key.exposed())),
                ("private", .hex(sealed.encoded)),
            ])
        }
    }

    static func fields(of content: MessageContent) -> VectorValue {
        func about(_ type: UInt64, _ entry: Digest, _ text: String) -> VectorValue {
            .object([("type", .number(type)), ("entry", .hex(entry)), ("text", .text(text))])
        }
        switch content {
        case .text(let text): return .object([("type", .number(1)), ("text", .text(text))])
        case .reply(let entry, let text): return about(2, entry, text)
        case .reaction(let entry, let text): return about(3, entry, text)
        case .correction(let entry, let text): return about(4, entry, text)
        case .filePart(let bytes): return .object([("type", .number(5)), ("bytes", .hex(bytes))])
        case .profile(let profile):
            return .object([
                ("type", .number(6)), ("name", .text(profile.name)),
                ("identity", profile.crossSignature.map { .hex($0.identity) } ?? .null),
                ("signature", profile.crossSignature.map { .hex($0.signature.bytes) } ?? .null),
            ])
        case .epoch(let delivery):
            return .object([("type", .number(7)), ("epoch", .number(UInt64(delivery.epoch)))])
        }
    }
}
