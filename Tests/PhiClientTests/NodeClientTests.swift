import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiTesting
import Synchronization
import Testing

@Suite("A node's client") struct NodeClientTests {
    private func tip(
        at address: String,
        token: String? = nil,
        patience: Duration = .seconds(10)
    ) async throws -> TipDocument {
        let settings = NodeClient.Settings(address: address, token: token, patience: patience)
        return try await NodeClient.with(settings) { try await $0.tip() }
    }

    @Test("reads a document")
    func document() async throws {
        let header = TestNetwork.make().genesis
        let node = try StubNode { request in
            guard request.target == "/rpc", request.call?.method == "chain.tip",
                let json = try? JSON(parsing: TipDocument(header).serialized())
            else { return .hangUp }
            return .result(json)
        }
        #expect(try await tip(at: node.address) == TipDocument(header))
        #expect(try await tip(at: node.address + "/") == TipDocument(header))
    }

    @Test("sends the token, and none where there is none", arguments: ["secret", nil])
    func token(_ token: String?) async throws {
        let seen = Mutex<String?>("nothing came")
        let node = try StubNode { request in
            seen.withLock { $0 = request.headers["authorization"] }
            return .result(.null)
        }
        await #expect(throws: ClientFailure.self) {
            try await tip(at: node.address, token: token)
        }
        #expect(seen.withLock { $0 } == token.map { "Bearer \($0)" })
    }

    @Test("tells a refusal with its rule")
    func refusal() async throws {
        let error = APIError.ruleBroken("sequence", "The seq is taken. Use the next.")
        let node = try StubNode { _ in .refusal(error) }
        do {
            _ = try await tip(at: node.address)
            Issue.record("the node refused")
        } catch let failure as ClientFailure {
            #expect(failure == .refused(error))
            #expect(failure.brokenRule == "sequence")
        }
    }

    @Test("tells that nobody answers")
    func unreachable() async throws {
        let address = "http://127.0.0.1:\(try StubNode.deadPort())"
        await #expect(
            throws: ClientFailure.unreachable(address: address, reason: "connection refused")
        ) { try await tip(at: address) }
    }

    @Test("tells that the node hung up")
    func hangUp() async throws {
        let node = try StubNode { _ in .hangUp }
        do {
            _ = try await tip(at: node.address)
            Issue.record("the node hung up")
        } catch ClientFailure.unreachable {}
    }

    @Test("tells that time ran out")
    func timeout() async throws {
        let node = try StubNode { _ in .silence }
        await #expect(
            throws: ClientFailure.timedOut(address: node.address, milliseconds: 50)
        ) { try await tip(at: node.address, patience: .milliseconds(50)) }
    }

    @Test(
        "tells that something else answers",
        arguments: ["<html>", "{}", "[]", "{\"jsonrpc\":\"2.0\",\"id\":1}"]
    )
    func otherServer(body: String) async throws {
        let node = try StubNode { _ in .body(body) }
        do {
            _ = try await tip(at: node.address)
            Issue.record("this is no node")
        } catch ClientFailure.notNode {}
    }

    @Test("tells that a document is of another form")
    func otherDocument() async throws {
        let node = try StubNode { _ in .result(["height": 1]) }
        await #expect(
            throws: ClientFailure.otherDocument(
                method: "chain.tip",
                .missing(field: "block")
            )
        ) { try await tip(at: node.address) }
    }

    @Test("refuses an answer about another entry than the one asked for")
    func otherEntry() async throws {
        let node = try StubNode { _ in
            let status = EntryStatusDocument(entry: Digest(repeating: 2), status: .pending)
            return .result((try? JSON(parsing: status.serialized())) ?? .null)
        }
        await #expect(
            throws: ClientFailure.otherDocument(
                method: "entry.status",
                .mismatch(field: "entry")
            )
        ) {
            try await NodeClient.with(NodeClient.Settings(address: node.address)) { client in
                try await client.status(of: Digest(repeating: 1))
            }
        }
    }

    @Test(
        "refuses what is no address",
        arguments: ["", "127.0.0.1:7180", "ftp://node", "http://", "http://a b", "http://a/rpc"]
    )
    func address(_ address: String) async {
        await #expect(throws: ClientFailure.malformedAddress(address)) {
            try await tip(at: address)
        }
    }
}

@Suite("Live events") struct LiveEventsTests {
    @Test("go on after the last one seen when the connection breaks")
    func resume() async throws {
        let cursors = Mutex<[String?]>([])
        let node = try StubNode { request in
            guard request.target == "/events?topic=blocks" else { return .hangUp }
            let number = cursors.withLock { seen in
                seen.append(request.headers["last-event-id"])
                return seen.count
            }
            let text = "id: \(number)a\ndata: \(number)\n\n: beat\n\nid: \(number)b\ndata: 0\n\n"
            return .body(text, type: "text/event-stream")
        }
        let settings = NodeClient.Settings(address: node.address)
        let events = try await NodeClient.with(settings) { client in
            var events: [LiveEvent] = []
            try await LiveEvents(of: .blocks, at: client).listen { event in
                events.append(event)
                return events.count == 5 ? .enough : .more
            }
            return events
        }
        #expect(events.map(\.cursor) == ["1a", "1b", "2a", "2b", "3a"])
        #expect(events[0].json == .integer(1))
        #expect(cursors.withLock { $0 } == [nil, "1b", "2b"])
    }

    @Test("that the node refuses are not asked for again")
    func refusal() async throws {
        let error = APIError.pruned(from: 7)
        let node = try StubNode { _ in
            let bytes = RPCResponse.bytes(id: .null, result: .failure(error))
            return .body(String(decoding: bytes, as: UTF8.self), status: "410 Gone")
        }
        await #expect(throws: ClientFailure.refused(error)) {
            try await NodeClient.with(NodeClient.Settings(address: node.address)) { client in
                try await LiveEvents(of: .blocks, at: client).listen { _ in .more }
            }
        }
    }

    @Test("of a node that is not there say so at once")
    func unreachable() async throws {
        let address = "http://127.0.0.1:\(try StubNode.deadPort())"
        do {
            try await NodeClient.with(NodeClient.Settings(address: address)) { client in
                try await LiveEvents(of: .blocks, at: client).listen { _ in .more }
            }
            Issue.record("nobody listens there")
        } catch ClientFailure.unreachable {}
    }
}
