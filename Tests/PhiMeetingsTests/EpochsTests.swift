import PhiCrypto
import PhiLedger
import Testing

@testable import PhiMeetings

@Suite("An epoch") struct EpochsTests {
    static let meeting = Digest(reading: Laboratory.bytes(1), at: 0)

    /// An author and the seed of the agreement key.
    struct Person {
        let author: VerifyingKey
        let number: Int

        init(_ number: Int) throws {
            self.number = number
            author = try Laboratory.key(100 + number).verifyingKey
        }

        func agreement() throws -> AgreementKey {
            let identity = SecretBytes(copying: Laboratory.bytes(200 + number))
            return try AuthorKeys(identity: identity, device: 0).agreement(meeting: meeting)
        }

        func member() throws -> EpochMember {
            EpochMember(author: author, agreementKey: try agreement().publicKey)
        }
    }

    static func start(
        _ members: [EpochMember],
        epoch: UInt16 = 1,
        previous: MeetingSecret?
    ) throws -> EpochStart {
        var count = 0
        return try EpochStart(
            of: EpochSecret(number: epoch, secret: try Laboratory.secret(Int(epoch))),
            after: previous,
            meeting: meeting,
            for: members
        ) {
            count += 1
            return Laboratory.bytes(1_000 + count)
        }
    }

    static func epochs() throws -> Epochs {
        var epochs = Epochs(meeting: meeting, readCheck: try Laboratory.secret(0).readCheck)
        try epochs.announce(.zero)
        try epochs.announce(try Laboratory.secret(1).readCheck)
        return epochs
    }

    @Test("reaches two members and no outsider")
    func members() throws {
        let (first, second, outsider) = (try Person(1), try Person(2), try Person(3))
        let start = try Self.start(
            [first.member(), second.member()],
            previous: try Laboratory.secret(0)
        )
        #expect(start.deliveries.count == 1)
        let delivery = start.deliveries[0]
        for person in [first, second] {
            var epochs = try Self.epochs()
            #expect(epochs.current == 1)
            #expect(epochs.currentSecret == nil)
            try epochs.learn(delivery, author: person.author, key: person.agreement())
            #expect(epochs.secret(of: 1) == (try Laboratory.secret(1)))
            #expect(epochs.secret(of: 0) == (try Laboratory.secret(0)))
            #expect(epochs.secret(of: 2) == nil)
        }
        var epochs = try Self.epochs()
        #expect(throws: EpochFailure.noBlob) {
            try epochs.learn(delivery, author: outsider.author, key: outsider.agreement())
        }
        #expect(throws: EpochFailure.crypto(.notAuthentic)) {
            try epochs.learn(delivery, author: first.author, key: outsider.agreement())
        }
        #expect(throws: EpochFailure.crypto(.notAuthentic)) {
            try epochs.learn(delivery, author: first.author, key: second.agreement())
        }
        #expect(epochs.secret(of: 1) == nil)
    }

    @Test("comes back from the bytes of its message")
    func roundTrip() throws {
        let start = try Self.start([Person(1).member()], previous: nil)
        let content = MessageContent.epoch(start.deliveries[0])
        let bytes = try content.encoded()
        #expect(bytes.count == 1 + 2 + 48 + 2 + 112)
        #expect(try MessageContent(decoding: bytes) == content)
        for count in 1..<bytes.count {
            #expect(throws: ContentFailure.self) {
                try MessageContent(decoding: Array(bytes[..<count]))
            }
        }
    }

    @Test("lets newcomers read on from before, when the host gives a bridge")
    func bridge() throws {
        let open = try Self.start([], previous: try Laboratory.secret(0))
        var newcomer = try Self.epochs()
        #expect(try newcomer.learn(try Laboratory.secret(1)) == 1)
        try newcomer.learnPrevious(try required(open.bridge))
        #expect(newcomer.secret(of: 0) == (try Laboratory.secret(0)))
        let closed = try Self.start([Person(1).member()], previous: nil)
        #expect(closed.bridge == nil)
        #expect(closed.deliveries[0].previous == [UInt8](repeating: 0, count: 48))
        var later = try Self.epochs()
        try later.learn(try Laboratory.secret(1))
        try later.learnPrevious(closed.deliveries[0])
        #expect(later.secret(of: 0) == nil)
    }

    @Test("is refused when its secret is not the one that the chain names")
    func otherSecret() throws {
        let person = try Person(1)
        let delivery = try Self.start([person.member()], previous: nil).deliveries[0]
        var epochs = Epochs(meeting: Self.meeting, readCheck: try Laboratory.secret(0).readCheck)
        #expect(throws: EpochFailure.notAnnounced(epoch: 1)) {
            try epochs.learn(delivery, author: person.author, key: person.agreement())
        }
        #expect(throws: EpochFailure.unknownSecret) { try epochs.learn(Laboratory.secret(1)) }
        let check = try Laboratory.secret(5).readCheck
        try epochs.announce(check)
        #expect(throws: EpochFailure.otherReadCheck(expected: check)) {
            try epochs.learn(delivery, author: person.author, key: person.agreement())
        }
        let lying = try Self.start([], previous: try Laboratory.secret(9))
        var reader = try Self.epochs()
        try reader.learn(Laboratory.secret(1))
        #expect(throws: EpochFailure.self) { try reader.learnPrevious(required(lying.bridge)) }
    }

    @Test("leaves out members without a key, and those whose key leads to no secret")
    func unreachable() throws {
        let low = AgreementPublicKey(reading: [1] + [UInt8](repeating: 0, count: 31), at: 0)
        let without = EpochMember(author: try Person(1).author, agreementKey: .zero)
        let crafted = EpochMember(author: try Person(2).author, agreementKey: low)
        let start = try Self.start([without, crafted, Person(3).member()], previous: nil)
        #expect(start.unreachable == [without.author, crafted.author])
        #expect(start.deliveries[0].blobs.map(\.author) == [try Person(3).author])
    }

    @Test("refuses a blob whose key leads to a secret of zero")
    func zeroShared() throws {
        let person = try Person(1)
        let good = try Self.start([person.member()], previous: nil).deliveries[0]
        let blob = EpochDelivery.Blob(
            author: person.author,
            ephemeral: .zero,
            sealed: good.blobs[0].sealed
        )
        let bad = EpochDelivery(epoch: 1, previous: good.previous, blobs: [blob])
        var epochs = try Self.epochs()
        #expect(throws: EpochFailure.crypto(.lowOrderPoint)) {
            try epochs.learn(bad, author: person.author, key: person.agreement())
        }
    }

    @Test("is not started when no number is left for it")
    func limit() throws {
        var epochs = Epochs(meeting: Self.meeting, readCheck: try Laboratory.secret(0).readCheck)
        for number in 1..<Epochs.limit {
            var bytes: [UInt8] = []
            bytes.append(littleEndian: UInt64(number))
            try epochs.announce(Digest(reading: bytes + [UInt8](repeating: 0, count: 24), at: 0))
        }
        #expect(epochs.current == .max)
        #expect(throws: EpochFailure.tooManyEpochs(limit: Epochs.limit)) {
            try epochs.announce(Laboratory.secret(1).readCheck)
        }
    }

    @Test("takes as many messages as it needs, each within a payload")
    func manyMembers() throws {
        let member = try Person(1).member()
        let start = try Self.start([EpochMember](repeating: member, count: 257), previous: nil)
        #expect(start.deliveries.map(\.blobs.count) == [256, 1])
        let sealed = try SealedContent(
            sealing: .epoch(start.deliveries[0]),
            salt: Laboratory.salt(1),
            in: EpochSecret(number: 0, secret: try Laboratory.secret(0)),
            at: MessagePlace(meeting: Self.meeting, author: member.author, sequence: 0)
        )
        #expect(sealed.encoded.count <= Int(NetworkParameters.main.maximumPayloadBytes))
    }
}

@Suite("Keys of a meeting") struct MeetingKeysTests {
    @Test("follow from the seed as the format says")
    func derivation() throws {
        let meeting = Digest(reading: Laboratory.bytes(1), at: 0)
        let seed = Laboratory.bytes(2)
        let keys = AuthorKeys(identity: SecretBytes(copying: seed), device: 0x0102)
        func expected(_ label: String, _ place: [UInt8]) throws -> [UInt8] {
            let info = Array(label.utf8) + place + [2, 1, 0, 0]
            return try KeyDerivation.hkdf(secret: seed, salt: [], info: info)
        }
        #expect(
            try keys.authorSeed(meeting: meeting).exposed()
                == expected("phi/author/1", meeting.bytes)
        )
        #expect(
            try keys.agreementSeed(meeting: meeting).exposed()
                == expected("phi/agree/1", meeting.bytes)
        )
        let salt = Laboratory.salt(3)
        #expect(try keys.hostSeed(openSalt: salt).exposed() == expected("phi/host/1", salt))
        let author = try SigningKey(seed: expected("phi/author/1", meeting.bytes)).verifyingKey
        #expect(try keys.author(meeting: meeting).verifyingKey == author)
        #expect(try keys.host(openSalt: salt).verifyingKey != author)
    }

    @Test("follow from the secret, which never shows itself")
    func secret() throws {
        let secret = try Laboratory.secret(1)
        let read = try KeyDerivation.hkdf(
            secret: Laboratory.bytes(1),
            salt: [],
            info: Array("phi/read/1".utf8)
        )
        let link = try KeyDerivation.hkdf(
            secret: Laboratory.bytes(1),
            salt: [],
            info: Array("phi/link/1".utf8)
        )
        #expect(try secret.readKey().exposed() == read)
        #expect(try secret.linkKey().verifyingKey == SigningKey(seed: link).verifyingKey)
        let check = SHA256.hash(Array("phi/read-check/1".utf8) + Laboratory.bytes(1))
        #expect(secret.readCheck == check)
        #expect("\(secret)" == "secret")
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(MeetingSecret([UInt8](repeating: 0, count: 31)) == nil)
        #expect(secret != (try Laboratory.secret(2)))
    }
}
