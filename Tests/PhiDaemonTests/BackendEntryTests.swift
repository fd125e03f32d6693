import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import Synchronization
import Testing

@testable import PhiDaemon
@testable import PhiNode

@Suite("The backend about an entry") struct BackendEntryTests {
    private func status(_ fixture: BackendFixture, _ id: Digest) async throws -> EntryStatusDocument
    {
        try await fixture.read("entry.status", ["entry": .hex(id)])
    }

    @Test("follows it up the ladder of delivery")
    func ladder() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let open = ann.open()
        #expect(try await status(fixture, open.id).status == .unknown)
        try fixture.pool(open)
        #expect(try await status(fixture, open.id).status == .pending)
        fixture.world.state.withLock { $0.peers = [] }
        #expect(try await status(fixture, open.id).status == .sending)
        try fixture.add([open])
        let recorded = try await status(fixture, open.id)
        #expect(recorded.status == .recorded)
        #expect(recorded.depth == 1)
        #expect(recorded.place?.block == fixture.ledger.tip.hash)
        for _ in 0..<10 { try fixture.add() }
        #expect(try await status(fixture, open.id).status == .recorded)
        try fixture.add()
        #expect(try await status(fixture, open.id).status == .settled)
        for _ in 0..<47 { try fixture.add() }
        #expect(try await status(fixture, open.id).status == .settled)
        try fixture.add()
        let deep = try await status(fixture, open.id)
        #expect(deep.status == .deep)
        #expect(deep.depth == 60)
    }

    @Test("remembers that it was returned, or expired")
    func fates() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let open = ann.open()
        try fixture.add([open])
        fixture.events.publish([try fixture.takeBack()])
        #expect(try await status(fixture, open.id).status == .returned)
        let pooled = try fixture.pool(open)
        #expect(try await status(fixture, open.id).status == .returned)
        guard case .pooled(let entry) = pooled else { return }
        fixture.world.state.withLock { $0.pool = [] }
        fixture.events.publish([.dropped(entry, .expired)])
        #expect(try await status(fixture, open.id).status == .expired)
        fixture.events.publish([try fixture.add([open])])
        #expect(try await status(fixture, open.id).status == .recorded)
    }

    @Test("gives it from the chain with its proof, and from the pool")
    func get() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let open = ann.open()
        let message = ann.message("hello", in: open.id)
        try fixture.add([open, message])
        let found: EntryDocument = try await fixture.read(
            "entry.get",
            ["entry": .hex(message.id), "proof": true]
        )
        #expect(found.entry == message)
        #expect(found.proof?.proves(leaf: message.leaf) == true)
        let waiting = ann.message("later", in: open.id)
        try fixture.pool(waiting)
        let pending: EntryDocument = try await fixture.read(
            "entry.get",
            ["entry": .hex(waiting.id), "form": "raw"]
        )
        #expect(pending.entry == waiting)
        #expect(pending.status?.status == .pending)
        let error = try await fixture.failure("entry.get", ["entry": .hex(Digest.zero)])
        #expect(error?.code == APIError.Code.notFound)
    }

    @Test("writes receipts that the verifier accepts")
    func receipts() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        for _ in 0..<5 { try fixture.add() }
        ann.see(fixture.chain.tip)
        let open = ann.open()
        try fixture.add([open])
        let alone: ReceiptDocument = try await fixture.read(
            "entry.receipt",
            ["entry": .hex(open.id)]
        )
        _ = try ReceiptVerifier.verify(try Receipt(alone.receipt))
        for _ in 0..<40 { try fixture.add() }
        let full: ReceiptDocument = try await fixture.read(
            "entry.receipt",
            ["entry": .hex(open.id), "tip": 44, "confirmations": 10, "includePayload": false]
        )
        let receipt = try Receipt(full.receipt)
        #expect(receipt.confirmations.count == 10)
        #expect(receipt.payload == nil)
        #expect(receipt.anchor?.header.height == Height(5))
        #expect(receipt.tip?.header.height == Height(44))
        _ = try ReceiptVerifier.verify(receipt)
        let early = try await fixture.failure(
            "entry.receipt",
            ["entry": .hex(open.id), "tip": 6]
        )
        #expect(early?.data?["field"] == "tip")
        let waiting = try await fixture.failure("entry.receipt", ["entry": .hex(Digest.zero)])
        #expect(waiting?.code == APIError.Code.notFound)
    }

    @Test("takes it, and says the same again for one that it has")
    func submit() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let open = ann.open()
        let parameters: JSON = ["entry": .string(Base64.encode(open.bytes))]
        try fixture.pool(open)
        for (answer, isNew) in [
            (Result<Digest, SubmitRefusal>.success(open.id), true),
            (.failure(.pooled(id: open.id)), false), (.failure(.recorded), false),
        ] {
            fixture.world.state.withLock { $0.answer = answer }
            let document: SubmitDocument = try await fixture.read("entry.submit", parameters)
            #expect(document.isNew == isNew)
            #expect(document.status.status == .pending)
        }
    }

    static let refusals: [(refusal: SubmitRefusal, code: Int, rule: String?)] = [
        (.violation(.payloadHash), -32_002, "payloadHash"),
        (.violation(.stampBelowMinimum(minimum: 9, found: 3)), -32_002, "stampBelowMinimum"),
        (.violation(.signature(.mismatch)), -32_002, "signature"),
        (.context(.meetingClosed), -32_002, "meetingClosed"),
        (.context(.sequence(expected: 2, found: 1)), -32_002, "sequence"),
        (.context(.unknownMeeting(.zero)), -32_002, "unknownMeeting"),
        (.pooled(id: .zero), -32_002, "pooled"), (.authorFull(limit: 5), -32_002, "authorFull"),
        (.meetingFull(limit: 5), -32_002, "meetingFull"),
        (.densityTooLow(minimum: 5, found: 4), -32_002, "densityTooLow"),
        (.anchorAhead(tip: Height(1), found: Height(2)), -32_002, "anchorAhead"),
        (.busy, -32_004, nil), (.store("full"), -32_603, nil),
    ]

    @Test("says which rule a refused one breaks", arguments: refusals.indices)
    func refused(index: Int) async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let (refusal, code, rule) = Self.refusals[index]
        fixture.world.state.withLock { $0.answer = .failure(refusal) }
        let error = try await fixture.failure(
            "entry.submit",
            ["entry": .string(Base64.encode(ann.open().bytes))]
        )
        #expect(error?.code == code)
        #expect(error?.data?["rule"]?.string == rule)
        #expect(error?.message.hasSuffix(".") == true)
    }

    @Test("says that it is syncing where that may be the reason")
    func syncing() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let parameters: JSON = ["entry": .string(Base64.encode(ann.open().bytes))]
        fixture.world.state.withLock {
            $0.sync = .syncing
            $0.answer = .failure(.context(.unknownMeeting(.zero)))
        }
        let held = try await fixture.failure("entry.submit", parameters)
        #expect(held?.code == APIError.Code.syncing)
        fixture.world.state.withLock { $0.answer = .failure(.context(.meetingClosed)) }
        let refused = try await fixture.failure("entry.submit", parameters)
        #expect(refused?.code == APIError.Code.ruleBroken)
    }

    @Test("refuses bytes that are none", arguments: [0, 1, 283, 284, 299])
    func truncated(count: Int) async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let bytes = Array(ann.open().bytes.prefix(count))
        let error = try await fixture.failure(
            "entry.submit",
            ["entry": .string(Base64.encode(bytes))]
        )
        #expect(error?.data?["rule"] == "encoding")
    }
}
