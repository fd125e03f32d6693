import PhiAPI
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import Testing

@Suite("A participant") struct ParticipantTests {
    private let folder: TemporaryFolder
    private let keystore: Keystore

    init() throws {
        folder = try TemporaryFolder()
        let seed = try #require(IdentitySeed([UInt8](repeating: 9, count: 32)))
        keystore = try Keystore.create(
            at: folder.file("keystore"),
            contents: KeystoreContents(seed: seed, device: 1)
        )
    }

    private func send(_ text: String, to ledger: StubLedger) async throws -> WrittenEntry {
        let keystore = keystore
        let node = try StubNode { ledger.answer($0) }
        return try await NodeClient.with(NodeClient.Settings(address: node.address)) { client in
            let participant = try await Participant(
                at: client,
                keystore: keystore,
                network: ledger.network,
                worker: StampWorker(cores: 1)
            )
            return try await participant.send(.text(text), to: .id(ledger.meeting))
        }
    }

    private func outbox(_ ledger: StubLedger) throws -> [Digest] {
        try keystore.contents()[ledger.meeting]?.outbox.map(\.id) ?? []
    }

    @Test("signs, stamps and numbers what it sends")
    func sending() async throws {
        let ledger = StubLedger([])
        _ = try await send("one", to: ledger)
        let second = try await send("two", to: ledger)
        #expect(ledger.taken.map(\.sequence) == [0, 1])
        #expect(ledger.taken[1].previous == ledger.taken[0].id)
        for entry in ledger.taken {
            #expect(throws: Never.self) {
                try ValidEntry(judging: entry, on: ledger.network)
            }
        }
        #expect(second.id == ledger.taken[1].id)
    }

    @Test("delivers an entry that was lost before it signs the next")
    func lost() async throws {
        let ledger = StubLedger([.loseAndHangUp])
        await #expect(throws: ClientFailure.self) { try await send("one", to: ledger) }
        let kept = try #require(try outbox(ledger).first)
        #expect(kept == ledger.offered[0].id)
        _ = try await send("two", to: ledger)
        #expect(ledger.taken.map(\.id).first == kept)
        #expect(ledger.taken.map(\.sequence) == [0, 1])
    }

    @Test("does not deliver twice what only the answer was lost of")
    func lostAnswer() async throws {
        let ledger = StubLedger([.takeAndHangUp])
        await #expect(throws: ClientFailure.self) { try await send("one", to: ledger) }
        _ = try await send("two", to: ledger)
        #expect(ledger.offered.map(\.sequence) == [0, 1])
        #expect(try outbox(ledger) == ledger.taken.map(\.id))
    }

    @Test(
        "stamps the same entry again when the stamp is too small",
        arguments: [
            "stampBelowMinimum", "densityTooLow",
        ]
    )
    func price(rule: String) async throws {
        let ledger = StubLedger([.refuse(rule), .refuse(rule)])
        _ = try await send("one", to: ledger)
        #expect(Set(ledger.offered.map(\.id)).count == 1)
        let works = ledger.offered.map(\.stampWork)
        #expect(works == works.sorted() && Set(works).count == 3)
    }

    @Test("takes the next number when another has taken its own")
    func overtaken() async throws {
        let ledger = StubLedger([.overtake])
        _ = try await send("one", to: ledger)
        #expect(ledger.offered.map(\.sequence) == [0, 1])
        #expect(ledger.taken.map(\.sequence) == [1])
    }

    @Test("gives up when others always take its number")
    func alwaysOvertaken() async throws {
        let ledger = StubLedger([StubLedger.Verdict](repeating: .overtake, count: 20))
        await #expect(throws: ParticipantFailure.self) { try await send("one", to: ledger) }
        #expect(Set(ledger.offered.map(\.sequence)).count == ledger.offered.count)
    }

    @Test("tells the rule that refuses an entry, and shows the entry once more before the next")
    func refused() async throws {
        let ledger = StubLedger([.refuse("meetingClosed")])
        do {
            _ = try await send("one", to: ledger)
            Issue.record("the node refused")
        } catch let failure as ClientFailure {
            #expect(failure.brokenRule == "meetingClosed")
        }
        let first = ledger.offered[0].id
        #expect(try outbox(ledger) == [first])
        _ = try await send("two", to: ledger)
        #expect(ledger.taken.map(\.sequence) == [0, 1])
        #expect(ledger.taken[0].id == first)
    }

    @Test("is free for the next entry when the one before is refused twice for good")
    func refusedTwice() async throws {
        let ledger = StubLedger([.refuse("meetingClosed"), .refuse("meetingClosed")])
        await #expect(throws: ClientFailure.self) { try await send("one", to: ledger) }
        _ = try await send("two", to: ledger)
        #expect(ledger.offered.map(\.sequence) == [0, 0, 0])
        #expect(ledger.offered[0].id == ledger.offered[1].id)
        #expect(try outbox(ledger) == [ledger.offered[2].id])
    }

    @Test(
        "signs nothing in place of an entry that may still be taken",
        arguments: ["authorFull", "meetingFull", "anchorAhead", "unknownMeeting", "sequence"]
    )
    func mayPass(rule: String) async throws {
        let ledger = StubLedger([StubLedger.Verdict](repeating: .refuse(rule), count: 3))
        await #expect(throws: ClientFailure.self) { try await send("one", to: ledger) }
        for _ in 0..<2 {
            await #expect(throws: ParticipantFailure.self) { try await send("two", to: ledger) }
        }
        #expect(Set(ledger.offered.map(\.id)).count == 1)
        _ = try await send("two", to: ledger)
        #expect(ledger.taken.map(\.sequence) == [0, 1])
    }

    @Test("refuses a node of another network")
    func otherNetwork() async throws {
        let ledger = StubLedger([])
        let keystore = keystore
        let node = try StubNode { ledger.answer($0) }
        let other = TestNetwork.make(stampRate: 2)
        await #expect(throws: ParticipantFailure.otherNetwork(wanted: "testing", found: "testing"))
        {
            try await NodeClient.with(NodeClient.Settings(address: node.address)) { client in
                _ = try await Participant(at: client, keystore: keystore, network: other)
            }
        }
    }
}
