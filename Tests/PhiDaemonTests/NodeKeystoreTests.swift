import Foundation
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

@Suite("The node's keystore") struct NodeKeystoreTests {
    private func text(_ entry: Entry, _ epoch: UInt16, _ secret: MeetingSecret) throws -> String? {
        let sealed = try SealedContent(decoding: entry.payload)
        #expect(sealed.epoch == epoch)
        guard case .text(let text) = try sealed.open(with: secret, at: MessagePlace(of: entry))
        else { return nil }
        return text
    }

    @Test("opens a private meeting, in which a guest joins by the link and both speak")
    func conversation() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let guest = try bench.keystore("guest")
        let link = try await host.create(["title": "Board"])
        #expect(link.peers.map(\.identity) == [TestKey("node").verifyingKey])
        #expect(link.peers.map(\.port) == [7_181])
        try await host.say("before the first block", in: link.meeting)
        try await bench.mine()
        let joined = try await guest.call("meeting.join", ["link": .string(link.text)])
        #expect(joined["status"]?["status"]?.string == "sending")
        try await guest.say("hello", in: link.meeting)
        try await bench.mine()
        let again = try await guest.call("meeting.join", ["link": .string(link.text)])
        #expect(again["entry"] == joined["entry"])
        #expect(again["status"]?["status"]?.string == "recorded")
        let entries = try bench.entries(of: link.meeting)
        #expect(entries.map(\.kind) == [.open, .message, .join, .message])
        let secret = try #require(link.secret)
        #expect(try text(entries[1], 0, secret) == "before the first block")
        #expect(try text(entries[3], 0, secret) == "hello")
        let terms = try MeetingTerms(decoding: entries[0].payload)
        let title = try MeetingTitle.decode(
            terms,
            openedWith: secret,
            author: entries[0].author,
            sequence: 0
        )
        #expect(title == "Board")
        #expect(terms.writing == .link)
    }

    @Test("gives each of many calls at once its own number")
    func numbers() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let link = try await host.create([
            "title": "Bots", "reading": "public", "writing": "anyone",
        ])
        #expect(link.secret == nil)
        let ids = try await withThrowingTaskGroup(of: Digest.self) { group in
            for number in 0..<12 {
                group.addTask { try await host.say("\(number)", in: link.meeting) }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 12)
        try await bench.mine()
        let entries = try bench.entries(of: link.meeting).dropFirst()
        #expect(entries.map(\.sequence) == Array(0..<12))
        #expect(Set(entries.map(\.id)) == ids)
    }

    @Test("answers a message as a reply")
    func reply() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let link = try await host.create(["title": "A", "reading": "public", "writing": "anyone"])
        let first = try await host.say("question", in: link.meeting)
        _ = try await host.call(
            "message.send",
            [
                "meeting": .string(link.meeting.hex), "text": "answer",
                "replyTo": .string(first.hex),
            ]
        )
        try await bench.mine()
        let last = try #require(try bench.entries(of: link.meeting).last)
        #expect(try PublicContent.content(of: last.payload) == .reply(to: first, "answer"))
    }

    @Test("names members, and lets nobody else write")
    func named() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let guest = try bench.keystore("guest")
        let link = try await host.create(["title": "A", "reading": "public", "writing": "named"])
        let meeting = JSON.string(link.meeting.hex)
        let key = JSON.string(try await guest.key(in: link.meeting).hex)
        let early = try await guest.refusal("message.send", ["meeting": meeting, "text": "hi"])
        #expect(early.rule == "notMember")
        let notHost = try await guest.refusal("meeting.admit", ["meeting": meeting, "keys": [key]])
        #expect(notHost.rule == "notHost")
        let nobody = try await host.refusal("meeting.admit", ["meeting": meeting, "keys": []])
        #expect(nobody.code == APIError.Code.invalidParameters)
        _ = try await host.call("meeting.admit", ["meeting": meeting, "keys": [key]])
        try await guest.say("let in by what waits", in: link.meeting)
        try await bench.mine()
        let twice = try await host.refusal("meeting.admit", ["meeting": meeting, "keys": [key]])
        #expect(twice.rule == "alreadyMember")
        _ = try await host.call("meeting.revoke", ["meeting": meeting, "keys": [key]])
        let late = try await guest.refusal("message.send", ["meeting": meeting, "text": "hi"])
        #expect(late.rule == "revoked")
        let epoch = try await host.refusal(
            "meeting.revoke",
            ["meeting": meeting, "keys": [], "newEpoch": true]
        )
        #expect(epoch.data?["field"]?.string == "newEpoch")
    }

    @Test("closes a meeting, whose minutes host and guest approve once")
    func minutes() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let guest = try bench.keystore("guest")
        let link = try await host.create(["title": "Board"])
        let meeting: JSON = ["meeting": .string(link.meeting.hex)]
        _ = try await guest.call("meeting.join", ["link": .string(link.text)])
        try await bench.mine()
        #expect(try await host.refusal("meeting.approve", meeting).rule == "meetingStillOpen")
        #expect(try await guest.refusal("meeting.close", meeting).rule == "notHost")
        _ = try await host.call("meeting.close", meeting)
        #expect(try await host.refusal("meeting.close", meeting).rule == "meetingClosed")
        try await bench.mine()
        let late: JSON = ["meeting": .string(link.meeting.hex), "text": "late"]
        #expect(try await guest.refusal("message.send", late).rule == "meetingClosed")
        _ = try await host.call("meeting.approve", meeting)
        _ = try await guest.call("meeting.approve", meeting)
        try await bench.mine()
        #expect(try await guest.refusal("meeting.approve", meeting).rule == "alreadyApproved")
        let entries = try bench.entries(of: link.meeting)
        #expect(entries.map(\.kind) == [.open, .join, .close, .approve, .approve])
        let approval = try Approval(decoding: entries[4].payload)
        #expect(approval.close == entries[2].id)
        #expect(approval.minutes.count == 3)
        #expect(approval.minutes.root == MerkleTree.root(ofLeaves: entries[..<3].map(\.leaf)))
    }

    @Test("refuses what it has no secret or no meeting for")
    func strangers() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let guest = try bench.keystore("guest")
        let link = try await host.create(["title": "Secret", "writing": "anyone"])
        let send: JSON = ["meeting": .string(link.meeting.hex), "text": "hi"]
        #expect(try await guest.refusal("message.send", send).rule == "secretMissing")
        let bare = MeetingLink(meeting: link.meeting, prefix: "phid")
        let noSecret = try await guest.refusal("meeting.join", ["link": .string(bare.text)])
        #expect(noSecret.data?["field"]?.string == "link")
        let wrong = MeetingLink(
            meeting: link.meeting,
            prefix: "phid",
            secret: MeetingSecret([UInt8](repeating: 7, count: 32))
        )
        let stale = try await guest.refusal("meeting.join", ["link": .string(wrong.text)])
        #expect(stale.rule == "staleLink")
        #expect(!stale.message.contains(wrong.text))
        let unknown: JSON = ["meeting": .string(Digest.zero.hex), "text": "hi"]
        let nowhere = try await guest.refusal("message.send", unknown)
        #expect(nowhere.code == APIError.Code.notFound)
        let broken = try await guest.refusal("meeting.join", ["link": "phi:nonsense"])
        #expect(broken.data?["field"]?.string == "link")
        let long = String(repeating: "x", count: 32_000)
        let tooLong: JSON = ["meeting": .string(link.meeting.hex), "text": .string(long)]
        #expect(try await host.refusal("message.send", tooLong).rule == "payloadTooLong")
        let title: JSON = ["title": .string(String(repeating: "x", count: 250))]
        #expect(try await host.refusal("meeting.create", title).rule == "titleTooLong")
        #expect(try host.keystore.contents().all.count == 1)
    }

    @Test("renews the link of a public meeting, so that nobody comes back by the old one")
    func renewedLink() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        let link = try await host.create(["title": "A", "reading": "public"])
        let meeting = link.meeting
        _ = try await host.call(
            "meeting.revoke",
            ["meeting": .string(meeting.hex), "keys": [], "newEpoch": true]
        )
        let guest = try bench.keystore("guest")
        let old = try await guest.refusal("meeting.join", ["link": .string(link.text)])
        #expect(old.rule == "staleLink")
        #expect(try guest.keystore.contents()[meeting]?.secrets == [])
        let kept = try #require(try host.keystore.contents()[meeting])
        let new = kept.link(prefix: "phid").text
        _ = try await guest.call("meeting.join", ["link": .string(new)])
        try await guest.say("in", in: meeting)
        try await bench.mine()
        let kinds = try bench.entries(of: meeting).map(\.kind)
        #expect(Set(kinds.prefix(2)) == [.open, .revoke])
        #expect(kinds.suffix(2) == [.join, .message])
    }

    @Test("keeps its files to the operator")
    func files() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        _ = try await host.create(["title": "Secret"])
        for name in ["keystore", "keystore.sent"] {
            let path = bench.folder + "/host/" + name
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }
}

@Suite("A number of the node's keystore") struct NodeKeystoreNumberTests {
    private func opened(
        _ bench: NodeKeystoreBench
    ) async throws -> (host: NodeKeystore, meeting: Digest) {
        try await bench.start()
        let host = try bench.keystore("host")
        let link = try await host.create(["title": "A", "reading": "public", "writing": "anyone"])
        try await bench.mine()
        return (host, link.meeting)
    }

    @Test("is never given to a second entry when the pool has lost the first")
    func lost() async throws {
        let bench = try NodeKeystoreBench()
        let (host, meeting) = try await opened(bench)
        await bench.lose(1)
        let first = try await host.say("lost", in: meeting)
        #expect(await bench.pooled(.entry(first)).isEmpty)
        let second = try await host.say("next", in: meeting)
        try await bench.mine()
        let entries = try bench.entries(of: meeting).dropFirst()
        #expect(entries.map(\.id) == [first, second])
        #expect(entries.map(\.sequence) == [0, 1])
    }

    @Test("keeps an open, too, which is sent again for the first message")
    func lostOpen() async throws {
        let bench = try NodeKeystoreBench()
        try await bench.start()
        let host = try bench.keystore("host")
        await bench.lose(1)
        let link = try await host.create(["title": "A"])
        #expect(await bench.pooled(.entry(link.meeting)).isEmpty)
        try await host.say("anybody?", in: link.meeting)
        try await bench.mine()
        #expect(try bench.entries(of: link.meeting).map(\.kind) == [.open, .message])
    }

    @Test("is not given twice over a restart")
    func restart() async throws {
        let bench = try NodeKeystoreBench()
        let (host, meeting) = try await opened(bench)
        await bench.lose(1)
        let first = try await host.say("lost", in: meeting)
        let restarted = try bench.keystore("host")
        #expect(restarted.sent.all.map(\.id) == [first])
        let second = try await restarted.say("next", in: meeting)
        try await bench.mine()
        #expect(try bench.entries(of: meeting).dropFirst().map(\.id) == [first, second])
        try await restarted.say("last", in: meeting)
        #expect(restarted.sent.all.count == 1)
    }

    @Test("that another program used and did not deliver is delivered first")
    func outbox() async throws {
        let bench = try NodeKeystoreBench()
        let (host, meeting) = try await opened(bench)
        let view = try await host.view(of: meeting)
        let other = try host.sign(host.role(in: view), .first) {
            builder,
            head,
            key throws(EntryBuilderFailure) in
            try builder.message(
                .text("from elsewhere"),
                to: meeting,
                in: nil,
                salt: [UInt8](repeating: 1, count: 16),
                head: head,
                key: key
            )
        }
        try await host.update(meeting) { $0?.outbox = [other.stamped(work: 0, nonce: 0)] }
        let id = try await host.say("from here", in: meeting)
        try await bench.mine()
        #expect(try bench.entries(of: meeting).dropFirst().map(\.id) == [other.id, id])
        #expect(try host.keystore.contents()[meeting]?.outbox == [])
    }

    @Test("is not guessed at when the file of sent entries is damaged")
    func damaged() async throws {
        let bench = try NodeKeystoreBench()
        let (host, meeting) = try await opened(bench)
        try await host.say("hi", in: meeting)
        let path = bench.folder + "/host/keystore.sent"
        let bytes = try Data(contentsOf: URL(filePath: path))
        try PrivateFile.replace(path, with: Array(bytes.dropLast()))
        #expect(throws: KeystoreFailure.self) { try bench.keystore("host") }
    }

    @Test("is free again once the first entry has expired")
    func expired() async throws {
        let bench = try NodeKeystoreBench(expiry: 40)
        let (host, meeting) = try await opened(bench)
        await bench.lose(1)
        let first = try await host.say("lost", in: meeting)
        try await bench.mine(60)
        let second = try await host.say("next", in: meeting)
        try await bench.mine()
        let last = try #require(try bench.entries(of: meeting).last)
        #expect(last.id == second)
        #expect(last.id != first)
        #expect(last.sequence == 0)
        let tip = try bench.chain.tip().height
        #expect(tip.distance(above: last.anchorHeight) == 31)
    }

    @Test("is free again when the node refused its entry, which then was never sent")
    func refused() async throws {
        let bench = try NodeKeystoreBench()
        let (host, meeting) = try await opened(bench)
        await bench.refuse([.authorFull(limit: 64)])
        let send: JSON = ["meeting": .string(meeting.hex), "text": "hi"]
        let error = try await host.refusal("message.send", send)
        #expect(error.rule == "authorFull")
        #expect(error.data?["limit"]?.integer == 64)
        #expect(
            host.sent.of(AuthorSlot(meeting: meeting, author: try await host.key(in: meeting)))
                .isEmpty
        )
        let id = try await host.say("again", in: meeting)
        try await bench.mine()
        #expect(try bench.entries(of: meeting).last?.id == id)
    }

    @Test("is stamped heavier when the pool asks for more")
    func price() async throws {
        let bench = try NodeKeystoreBench()
        let (host, meeting) = try await opened(bench)
        await bench.refuse([.densityTooLow(minimum: 3, found: 0)])
        try await host.say("dear", in: meeting)
        let entries = await bench.submitted.suffix(2)
        #expect(Set(entries.map(\.id)).count == 1)
        let last = try #require(entries.last)
        #expect(Stamp.density(of: last, parameters: bench.network.parameters) == 3)
    }

    @Test("waits for its meeting's turn, and is refused when every place is taken")
    func places() async throws {
        let queue = KeystoreQueue(stampLimit: 1)
        let (one, other) = (SHA256.hash([1]), SHA256.hash([2]))
        try await queue.enter(one)
        let busy = await #expect(throws: APIError.self) { try await queue.enter(other) }
        #expect(busy?.code == APIError.Code.busy)
        let order = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await queue.enter(one) }
            await queue.leave(one)
            try await group.waitForAll()
            return true
        }
        #expect(order)
        await queue.leave(one)
        try await queue.enter(other)
        await queue.leave(other)
    }
}
