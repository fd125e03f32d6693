import Foundation
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import Testing

@Suite("A keystore") struct KeystoreTests {
    private let folder: TemporaryFolder
    private let passphrase = Array("correct horse".utf8)

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.file("keystore") }

    static func contents() throws -> KeystoreContents {
        let network = TestNetwork.make()
        var author = TestAuthor("keeper", on: network)
        let entry = author.make(
            .message,
            in: Digest(repeating: 7),
            payload: author.salt() + Array("later".utf8)
        )
        let seed = try #require(IdentitySeed([UInt8](repeating: 5, count: 32)))
        var contents = KeystoreContents(seed: seed, device: 0xDEAD_BEEF)
        contents[Digest(repeating: 7)] = KeptMeeting(
            chain: network.chain,
            meeting: Digest(repeating: 7),
            hostSalt: [UInt8](repeating: 1, count: 16),
            secrets: [1, 2].compactMap { MeetingSecret([UInt8](repeating: $0, count: 32)) },
            peers: [
                LinkPeer(address: [UInt8](repeating: 4, count: 19), identity: author.key)
            ].compactMap { $0 },
            title: "Board \u{1F600}",
            outbox: [entry]
        )
        contents[Digest(repeating: 1)] = KeptMeeting(
            chain: network.chain,
            meeting: Digest(repeating: 1)
        )
        var ended = KeptMeeting(
            chain: network.chain,
            meeting: Digest(repeating: 2),
            outbox: [entry, entry]
        )
        ended.approvesMinutes = true
        contents[Digest(repeating: 2)] = ended
        return contents
    }

    @Test("gives back what was put in, sealed or not", arguments: [true, false])
    func roundTrip(isSealed: Bool) throws {
        let contents = try Self.contents()
        let secret = isSealed ? passphrase : nil
        _ = try Keystore.create(at: path, contents: contents, passphrase: secret, cost: .least)
        #expect(try Keystore.isSealed(at: path) == isSealed)
        #expect(try Keystore.open(at: path, passphrase: secret).contents() == contents)
        #expect(try folder.mode("keystore") == 0o600)
        #expect(try folder.names() == ["keystore"])
    }

    @Test("shows nothing of a sealed content")
    func sealing() throws {
        let contents = try Self.contents()
        _ = try Keystore.create(
            at: path,
            contents: contents,
            passphrase: passphrase,
            cost: .least
        )
        let text = String(decoding: try folder.bytes("keystore"), as: UTF8.self)
        let body = try #require(Data(base64Encoded: String(text.split(separator: "\n")[1])))
        #expect(body.firstRange(of: Data(contents.seed.exposed())) == nil)
        #expect(body.firstRange(of: Data("Board".utf8)) == nil)
    }

    @Test("is refused with a wrong passphrase, and without one")
    func wrongPassphrase() throws {
        _ = try Keystore.create(
            at: path,
            contents: try Self.contents(),
            passphrase: passphrase,
            cost: .least
        )
        #expect(throws: KeystoreFailure.wrongPassphrase) {
            try Keystore.open(at: path, passphrase: Array("battery staple".utf8))
        }
        #expect(throws: KeystoreFailure.passphraseNeeded(path: path)) {
            try Keystore.open(at: path)
        }
    }

    @Test("is refused when any byte was changed", arguments: [true, false])
    func tampering(isSealed: Bool) throws {
        let secret = isSealed ? passphrase : nil
        _ = try Keystore.create(
            at: path,
            contents: try Self.contents(),
            passphrase: secret,
            cost: .least
        )
        let right = try folder.bytes("keystore")
        for place in stride(from: 0, to: right.count, by: isSealed ? 37 : 1) {
            var wrong = right
            wrong[place] ^= 2
            try folder.write(wrong, "changed")
            #expect(throws: KeystoreFailure.self) {
                try Keystore.open(at: folder.file("changed"), passphrase: secret, cost: .least)
            }
        }
    }

    @Test("is refused when it is cut off", arguments: [true, false])
    func truncation(isSealed: Bool) throws {
        let secret = isSealed ? passphrase : nil
        _ = try Keystore.create(
            at: path,
            contents: try Self.contents(),
            passphrase: secret,
            cost: .least
        )
        let whole = try folder.bytes("keystore")
        for count in stride(from: 0, to: whole.count, by: 29) {
            try folder.write(Array(whole.prefix(count)), "cut")
            #expect(throws: KeystoreFailure.self) {
                try Keystore.open(at: folder.file("cut"), passphrase: secret)
            }
        }
    }

    @Test("never replaces another when it is made")
    func existing() throws {
        let contents = try Self.contents()
        _ = try Keystore.create(at: path, contents: contents)
        let before = try folder.bytes("keystore")
        #expect(throws: KeystoreFailure.file(.exists(path: path))) {
            try Keystore.create(at: path, contents: contents)
        }
        #expect(try folder.bytes("keystore") == before)
    }

    @Test("is refused when others can read it", arguments: [0o640, 0o604, 0o660])
    func rights(mode: Int) throws {
        _ = try Keystore.create(at: path, contents: try Self.contents())
        try folder.write(try folder.bytes("keystore"), "open", mode: mode)
        let open = folder.file("open")
        #expect(throws: KeystoreFailure.file(.readableByOthers(path: open))) {
            try Keystore.open(at: open)
        }
    }

    @Test("of a newer format says so")
    func newerFormat() throws {
        try folder.write(Array("phi keystore 2\nAA==\n".utf8), "keystore")
        #expect(throws: KeystoreFailure.newerFormat("phi keystore 2")) {
            try Keystore.open(at: path)
        }
    }

    @Test("that is absent names the command that makes one")
    func absent() {
        #expect(throws: KeystoreFailure.file(.absent(path: path))) {
            try Keystore.open(at: path)
        }
        #expect(
            KeystoreFailure.file(.absent(path: path)).description.contains("identity create")
        )
    }

    @Test("is whole after a write that never finished")
    func interruptedWrite() async throws {
        let contents = try Self.contents()
        let keystore = try Keystore.create(at: path, contents: contents)
        try folder.write(Array("phi keystore 1\nAA".utf8), "keystore.new-1")
        #expect(try keystore.contents() == contents)
        try await keystore.exclusively { held in
            try held.update(Digest(repeating: 1)) { $0 = nil }
        }
        #expect(try keystore.contents()[Digest(repeating: 1)] == nil)
    }

    @Test("is changed by one after another, so that no change is lost")
    func turns() async throws {
        let keystore = try Keystore.create(at: path, contents: try Self.contents())
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in UInt8(100)..<116 {
                group.addTask {
                    let other = try Keystore.open(at: path)
                    try await other.exclusively { held in
                        var contents = try held.contents()
                        await Task.yield()
                        let meeting = Digest(repeating: number)
                        contents[meeting] = KeptMeeting(chain: .zero, meeting: meeting)
                        try held.save(contents)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try keystore.contents().all.count == 19)
    }

    @Test("comes back from a backup", arguments: [true, false])
    func backup(isSealed: Bool) throws {
        let contents = try Self.contents()
        let keystore = try Keystore.create(at: path, contents: contents, cost: .least)
        let secret = isSealed ? passphrase : nil
        let backup = try keystore.backup(passphrase: secret)
        #expect(try Keystore.contents(ofBackup: backup, passphrase: secret) == contents)
        if isSealed {
            #expect(throws: KeystoreFailure.wrongPassphrase) {
                try Keystore.contents(ofBackup: backup, passphrase: [1])
            }
        }
    }
}

extension Digest {
    init(repeating byte: UInt8) {
        self.init(reading: [UInt8](repeating: byte, count: 32), at: 0)
    }
}
