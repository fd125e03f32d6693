import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@testable import PhiMeetings

@Suite("The circle that is handed a new secret") struct EpochCircleTests {
    private let network = TestNetwork.make()
    private let meeting = SHA256.hash([9])
    private let secret: MeetingSecret

    init() throws { secret = try Laboratory.secret(0) }

    private var builder: EntryBuilder {
        EntryBuilder(
            network: network,
            anchorHeight: .genesis,
            anchorHash: network.chain,
            time: network.genesis.time
        )
    }

    private func circle(
        _ writing: WritingPolicy,
        epochs: Epochs? = nil
    ) throws -> EpochCircle {
        let terms = MeetingTerms(
            salt: Laboratory.salt(1),
            reading: .secretHolders,
            writing: writing,
            linkKey: .zero,
            readCheck: secret.readCheck,
            lifetime: 0,
            title: []
        )
        var first = Epochs(meeting: meeting, readCheck: secret.readCheck)
        try first.learn(secret)
        return try #require(
            EpochCircle(
                terms: terms,
                host: Laboratory.key(1).verifyingKey,
                epochs: epochs ?? first
            )
        )
    }

    private func join(_ number: Int, by secret: MeetingSecret? = nil) throws -> Entry {
        let person = try EpochsTests.Person(number)
        return try builder.join(
            meeting,
            with: secret,
            agreementKey: person.agreement().publicKey,
            salt: Laboratory.salt(number),
            key: Laboratory.key(100 + number)
        )
        .stamped(work: 0, nonce: 0)
    }

    private func says(
        _ number: Int,
        _ content: MessageContent = .text("hello"),
        in epoch: EpochSecret
    ) throws -> Entry {
        try builder.message(
            content,
            to: meeting,
            in: epoch,
            salt: Laboratory.salt(number),
            head: AuthorHead(sequence: 1, previous: SHA256.hash([2])),
            key: number == 1 ? Laboratory.key(1) : Laboratory.key(100 + number)
        )
        .stamped(work: 0, nonce: 0)
    }

    private func author(_ number: Int) throws -> VerifyingKey {
        try Laboratory.key(100 + number).verifyingKey
    }

    @Test("leaves out who joined and showed nothing, where anyone may write")
    func stranger() throws {
        var circle = try circle(.anyone)
        for number in [2, 3, 4] { circle.take(try join(number)) }
        circle.take(try says(2, in: EpochSecret(number: 0, secret: secret)))
        // This one seals under a secret of its own making.
        circle.take(try says(3, in: EpochSecret(number: 0, secret: Laboratory.secret(7))))
        #expect(circle.members.map(\.author) == [try author(2)])
        #expect(Set(circle.strangers) == [try author(3), try author(4)])
    }

    @Test("holds nobody by a message that another wrote")
    func replay() throws {
        var circle = try circle(.anyone)
        circle.take(try join(2))
        circle.take(try join(3))
        let theirs = try says(2, in: EpochSecret(number: 0, secret: secret))
        let copied = try builder.sign(
            .message,
            theirs.payload,
            meeting: meeting,
            head: AuthorHead(sequence: 1, previous: SHA256.hash([2])),
            key: Laboratory.key(103)
        )
        circle.take(copied.stamped(work: 0, nonce: 0))
        #expect(circle.members.isEmpty)
    }

    @Test("holds who joined by the link of the secret in force, and by no other")
    func link() throws {
        var circle = try circle(.link)
        circle.take(try join(2, by: secret))
        circle.take(try join(3, by: Laboratory.secret(7)))
        circle.take(try join(4))
        #expect(circle.members.map(\.author) == [try author(2)])
    }

    @Test("holds whom the host named, and nobody whom others named")
    func named() throws {
        var circle = try circle(.named)
        for number in [2, 3] { circle.take(try join(number)) }
        for (number, key) in [(2, 1), (3, 102)] {
            let entry = try builder.admit(
                [author(number)],
                to: meeting,
                salt: Laboratory.salt(number),
                head: .first,
                key: Laboratory.key(key)
            )
            circle.take(entry.stamped(work: 0, nonce: 0))
        }
        #expect(circle.members.map(\.author) == [try author(2)])
    }

    @Test("holds whom the host served in the epoch in force, and nobody of an older one")
    func served() throws {
        let next = try Laboratory.secret(1)
        var epochs = Epochs(meeting: meeting, readCheck: secret.readCheck)
        try epochs.announce(next.readCheck)
        try epochs.learn(secret)
        try epochs.learn(next)
        var circle = try circle(.anyone, epochs: epochs)
        for number in [2, 3] { circle.take(try join(number)) }
        let old = EpochSecret(number: 0, secret: secret)
        // Who shows the old secret only came after it was given up, or was left out.
        circle.take(try says(3, in: old))
        let start = try EpochStart(
            of: EpochSecret(number: 1, secret: next),
            after: secret,
            meeting: meeting,
            for: [EpochsTests.Person(2).member()],
            freshSeed: { Laboratory.bytes(5) }
        )
        circle.take(try says(1, .epoch(start.deliveries[0]), in: old))
        #expect(circle.members.map(\.author) == [try author(2)])
        // What others say about it does not count.
        circle.take(try says(3, .epoch(start.deliveries[0]), in: old))
        #expect(circle.strangers == [try author(3)])
    }

    @Test("lets nobody stay who is shut out")
    func revoked() throws {
        var circle = try circle(.link)
        for number in [2, 3, 4] { circle.take(try join(number, by: secret)) }
        let change = MeetingChange(revoked: [try author(2)], linkKey: .zero, readCheck: .zero)
        for key in [1, 104] {
            let entry = try builder.revoke(
                change,
                in: meeting,
                salt: Laboratory.salt(key),
                head: .first,
                key: Laboratory.key(key)
            )
            circle.take(entry.stamped(work: 0, nonce: 0))
        }
        circle.revoke([try author(3)])
        #expect(circle.members.map(\.author) == [try author(4)])
        #expect(circle.strangers.isEmpty)
    }
}
