import PhiAPI
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiNode
import PhiTesting
import Testing

@testable import PhiDaemon

@Suite("An epoch of the node's keystore") struct NodeKeystoreEpochTests {
    /// A private meeting with a host and two guests, all recorded.
    struct Meeting {
        let bench: NodeKeystoreBench
        let host: NodeKeystore
        let stays: NodeKeystore
        let leaves: NodeKeystore
        let link: MeetingLink

        init() async throws {
            bench = try NodeKeystoreBench()
            try await bench.start()
            host = try bench.keystore("host")
            stays = try bench.keystore("stays")
            leaves = try bench.keystore("leaves")
            link = try await host.create(["title": "Board"])
            try await bench.mine()
            for guest in [stays, leaves] {
                _ = try await guest.call("meeting.join", ["link": .string(link.text)])
            }
            try await bench.mine()
        }

        var revocation: JSON {
            get async throws {
                [
                    "meeting": .string(link.meeting.hex),
                    "keys": [.string(try await leaves.key(in: link.meeting).hex)],
                ]
            }
        }

        func newLink() throws -> MeetingLink {
            guard let kept = try host.keystore.contents()[link.meeting] else { throw Missing() }
            return kept.link(prefix: "phid")
        }

        func epochs() throws -> [UInt16] {
            try bench.entries(of: link.meeting).filter { $0.kind == .message }
                .map { try SealedContent(decoding: $0.payload).epoch }
        }
    }

    @Test("begins with a revoke, and reaches those who stay")
    func members() async throws {
        let meeting = try await Meeting()
        let id = meeting.link.meeting
        let answer = try await meeting.host.call("meeting.revoke", meeting.revocation)
        #expect(answer["status"]?["status"]?.string == "sending")
        try await meeting.bench.mine()
        let entries = try meeting.bench.entries(of: id)
        #expect(
            entries.map(\.kind) == [.open, .join, .join, .revoke, .message, .message]
        )
        #expect(try meeting.epochs() == [0, 1])
        try await meeting.stays.say("still here", in: id)
        try await meeting.host.say("good", in: id)
        try await meeting.bench.mine()
        #expect(try meeting.epochs() == [0, 1, 1, 1])
        let out: JSON = ["meeting": .string(id.hex), "text": "and me?"]
        #expect(try await meeting.leaves.refusal("message.send", out).rule == "revoked")
        let (old, new) = (try #require(meeting.link.secret), try #require(meeting.newLink().secret))
        #expect(old != new)
        #expect(try meeting.stays.keystore.contents()[id]?.secrets == [old, new])
        let last = try #require(try meeting.bench.entries(of: id).last)
        let sealed = try SealedContent(decoding: last.payload)
        #expect(throws: SealingFailure.self) {
            try sealed.open(with: old, at: MessagePlace(of: last))
        }
        _ = try sealed.open(with: new, at: MessagePlace(of: last))
    }

    @Test("lets newcomers in by the new link alone, and read what was before")
    func newcomers() async throws {
        let meeting = try await Meeting()
        let id = meeting.link.meeting
        _ = try await meeting.host.call("meeting.revoke", meeting.revocation)
        try await meeting.bench.mine()
        let late = try meeting.bench.keystore("late")
        let stale = try await late.refusal("meeting.join", ["link": .string(meeting.link.text)])
        #expect(stale.rule == "staleLink")
        let link = try meeting.newLink()
        _ = try await late.call("meeting.join", ["link": .string(link.text)])
        try await late.say("I am new", in: id)
        try await meeting.bench.mine()
        let view = try await MeetingView(id, at: late.node)
        let walk = try late.walk(view, as: late.role(in: view))
        #expect(walk.epochs.secret(of: 0) == meeting.link.secret)
        try await meeting.host.say("welcome", in: id)
        try await meeting.bench.mine()
        #expect(try meeting.epochs() == [0, 1, 1, 1])
    }

    @Test("is delivered to its end by the next message when it was cut off")
    func cutOff() async throws {
        let meeting = try await Meeting()
        let id = meeting.link.meeting
        await meeting.bench.refuse([.busy], after: 1)
        let error = try await meeting.host.refusal("meeting.revoke", meeting.revocation)
        #expect(error.code == APIError.Code.busy)
        #expect(error.message.contains("shut out"))
        try await meeting.bench.mine()
        #expect(try meeting.bench.entries(of: id).last?.kind == .revoke)
        let send: JSON = ["meeting": .string(id.hex), "text": "hi"]
        #expect(try await meeting.stays.refusal("message.send", send).rule == "secretMissing")
        let restarted = try meeting.bench.keystore("host")
        try await restarted.say("go on", in: id)
        try await meeting.bench.mine()
        #expect(try meeting.epochs() == [0, 1, 1])
        try await meeting.stays.say("thanks", in: id)
    }

    @Test("reaches a guest whose join waits for the same block")
    func waitingJoin() async throws {
        let meeting = try await Meeting()
        let id = meeting.link.meeting
        let early = try meeting.bench.keystore("early")
        _ = try await early.call("meeting.join", ["link": .string(meeting.link.text)])
        _ = try await meeting.host.call("meeting.revoke", meeting.revocation)
        try await meeting.bench.mine()
        try await early.say("in time", in: id)
        try await meeting.host.say("nobody is served twice", in: id)
        try await meeting.bench.mine()
        #expect(try meeting.epochs() == [0, 1, 1, 1])
    }

    @Test("follows another, and reaches who stays through both")
    func second() async throws {
        let meeting = try await Meeting()
        let id = meeting.link.meeting
        _ = try await meeting.host.call("meeting.revoke", meeting.revocation)
        _ = try await meeting.host.call(
            "meeting.revoke",
            ["meeting": .string(id.hex), "keys": []]
        )
        try await meeting.bench.mine()
        try await meeting.stays.say("here", in: id)
        try await meeting.bench.mine()
        #expect(try meeting.epochs() == [0, 1, 1, 2, 2])
        #expect(try meeting.host.keystore.contents()[id]?.secrets.count == 3)
    }

    @Test("does not begin when its revoke is refused")
    func refused() async throws {
        let meeting = try await Meeting()
        let id = meeting.link.meeting
        let revocation: JSON = [
            "meeting": .string(id.hex), "keys": [.string(TestKey("nobody").verifyingKey.hex)],
        ]
        let error = try await meeting.host.refusal("meeting.revoke", revocation)
        #expect(error.rule == "nothingToRevoke")
        #expect(try meeting.host.keystore.contents()[id]?.secrets.count == 1)
        try await meeting.host.say("as before", in: id)
        try await meeting.bench.mine()
        #expect(try meeting.epochs() == [0])
    }

    @Test("is not begun when the caller does not want it")
    func same() async throws {
        let meeting = try await Meeting()
        let id = meeting.link.meeting
        let keys = try await meeting.revocation["keys"] ?? []
        _ = try await meeting.host.call(
            "meeting.revoke",
            ["meeting": .string(id.hex), "keys": keys, "newEpoch": false]
        )
        try await meeting.bench.mine()
        #expect(try meeting.newLink().secret == meeting.link.secret)
        let late = try meeting.bench.keystore("late")
        _ = try await late.call("meeting.join", ["link": .string(meeting.link.text)])
        try await late.say("by the old link", in: id)
        let nobody: JSON = ["meeting": .string(id.hex), "keys": [], "newEpoch": false]
        let error = try await meeting.host.refusal("meeting.revoke", nobody)
        #expect(error.data?["field"]?.string == "keys")
    }
}
