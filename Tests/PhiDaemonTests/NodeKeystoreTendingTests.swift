import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import Testing

@testable import PhiDaemon

@Suite("A node's keystore that nobody calls") struct NodeKeystoreTendingTests {
    private func approvals(_ bench: NodeKeystoreBench, _ meeting: Digest) throws -> Int {
        try bench.entries(of: meeting).count { $0.kind == .approve }
    }

    @Test("signs the minutes once the end is settled, and not before")
    func settled() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let meeting = try await host.create(["title": "Board"]).meeting
        try await bench.mine()
        _ = try await host.call("meeting.close", ["meeting": .string(meeting.hex)])
        try await bench.mine(11)
        await host.tend()
        try await bench.mine()
        #expect(try approvals(bench, meeting) == 0)
        // Twelve deep now; the keystore may have been opened anew meanwhile.
        let restarted = try bench.keystore("host")
        await restarted.tend()
        await restarted.tend()
        try await bench.mine()
        #expect(try approvals(bench, meeting) == 1)
        await restarted.tend()
        try await bench.mine()
        #expect(try approvals(bench, meeting) == 1)
        #expect(try restarted.keystore.contents()[meeting]?.approvesMinutes == true)
        try await bench.mine(12)
        await restarted.tend()
        #expect(try restarted.keystore.contents()[meeting]?.approvesMinutes == false)
    }

    @Test("signs the minutes of a meeting that ended by itself")
    func lifetime() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let meeting = try await host.create(["title": "Board", "lifetime": 2]).meeting
        try await bench.mine(13)
        await host.tend()
        try await bench.mine()
        #expect(try approvals(bench, meeting) == 0)
        try await bench.mine(2)
        await host.tend()
        try await bench.mine()
        #expect(try approvals(bench, meeting) == 1)
    }

    @Test("hands no secret to a stranger who joined where anyone may write")
    func stranger() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let guest = try bench.keystore("guest")
        let silent = try bench.keystore("silent")
        let link = try await host.create(["title": "A", "reading": "private", "writing": "anyone"])
        try await bench.mine()
        for keystore in [guest, silent] {
            _ = try await keystore.call("meeting.join", ["link": .string(link.text)])
        }
        try await guest.say("I have the link", in: link.meeting)
        var stranger = TestAuthor("stranger", on: bench.network)
        let agreement = try AgreementKey(seed: [UInt8](repeating: 5, count: 32))
        let join = stranger.join(link.meeting, agreementKey: agreement.publicKey)
        #expect(await bench.submit(join) == .success(join.id))
        try await bench.mine()
        _ = try await host.call(
            "meeting.revoke",
            ["meeting": .string(link.meeting.hex), "keys": []]
        )
        try await bench.mine()
        let secret = try #require(link.secret)
        var served: [VerifyingKey] = []
        for entry in try bench.entries(of: link.meeting) where entry.kind == .message {
            let sealed = try SealedContent(decoding: entry.payload)
            let place = MessagePlace(of: entry)
            guard case .epoch(let delivery)? = try? sealed.open(with: secret, at: place) else {
                continue
            }
            served += delivery.blobs.map(\.author)
        }
        #expect(served == [try await guest.key(in: link.meeting)])
        try await guest.say("I read on", in: link.meeting)
    }
}
