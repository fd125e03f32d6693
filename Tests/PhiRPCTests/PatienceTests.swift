import NIOCore
import PhiAPI
import PhiRPC
import Testing

@Suite("An HTTP connection", .timeLimit(.minutes(2))) struct PatienceTests {
    private static let tip = #"{"jsonrpc":"2.0","id":1,"method":"chain.tip"}"#

    /// Limits of which one is short.
    private static func hasty(_ limit: WritableKeyPath<RPCLimits, TimeAmount>) -> RPCLimits {
        var limits = TestServer.limits
        limits[keyPath: limit] = .milliseconds(150)
        return limits
    }

    @Test("that drips its first header is cut")
    func drippedHeader() async throws {
        try await TestServer.run(limits: Self.hasty(\.headerTimeout)) { port in
            try await RawClient.connect(port) { client in
                // On a busy machine the server may have given up before this is sent.
                try? await client.send("POST /rpc HTTP/1.1\r\nHost: local")
                #expect(await client.readToEnd() == "")
            }
        }
    }

    @Test("that says nothing is cut")
    func silence() async throws {
        try await TestServer.run(limits: Self.hasty(\.headerTimeout)) { port in
            try await RawClient.connect(port) { client in
                #expect(await client.readToEnd() == "")
            }
        }
    }

    @Test("that drips its body is told so and cut")
    func drippedBody() async throws {
        try await TestServer.run(limits: Self.hasty(\.bodyTimeout)) { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{"
                )
                #expect(await client.readToEnd().hasPrefix("HTTP/1.1 408 "))
            }
        }
    }

    @Test("that rests between requests, or drips a later header, is cut")
    func idleness() async throws {
        try await TestServer.run(limits: Self.hasty(\.idleTimeout)) { port in
            for text in ["", "POST /rpc HT"] {
                try await RawClient.connect(port) { client in
                    let first = try await client.post(Self.tip)
                    #expect(first.hasPrefix("HTTP/1.1 200 "))
                    try? await client.send(text)
                    #expect(await client.readToEnd() == "")
                }
            }
        }
    }

    @Test("whose answer takes too long is told so and cut")
    func slowAnswer() async throws {
        try await TestServer.run(limits: Self.hasty(\.answerTimeout)) { port in
            try await RawClient.connect(port) { client in
                let call = #"{"jsonrpc":"2.0","id":1,"method":"meeting.list"}"#
                try await client.send(
                    "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(call.utf8.count)\r\n\r\n\(call)"
                )
                let answer = await client.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
                #expect(answer.contains("-32004"))
            }
        }
    }

    @Test("that asks to be closed is closed after its answer")
    func farewell() async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                let answer = try await client.post(Self.tip, fields: "Connection: close\r\n")
                #expect(answer.contains("Connection: close\r\n"))
                #expect(await client.readToEnd() == "")
            }
        }
    }

    @Test(
        "that speaks no HTTP is refused",
        arguments: ["hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n"]
    )
    func nonsense(text: String) async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                try await client.send(text)
                let answer = await client.readToEnd()
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
            }
            #expect(try await Exchange.call(port, Self.tip).status == 200)
        }
    }

    @Test("with a header that is too long is refused")
    func longHeader() async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                let long = String(repeating: "x", count: 40_000)
                try await client.send(
                    "GET /healthy HTTP/1.1\r\nHost: localhost\r\nX: \(long)\r\n\r\n"
                )
                #expect(await client.readToEnd().hasPrefix("HTTP/1.1 4"))
            }
            #expect(try await Exchange.call(port, Self.tip).status == 200)
        }
    }
}

@Suite("Two thousand connections", .timeLimit(.minutes(2))) struct ManyConnectionsTests {
    @Test("are served as far as there are places, and leave the server alive")
    func flood() async throws {
        let limits = TestServer.limits
        try await TestServer.run(limits: limits) { port in
            let served = await withTaskGroup(of: Bool.self) { group in
                let gate = Gate(2_000)
                for _ in 0..<2_000 {
                    group.addTask {
                        let answer = try? await RawClient.connect(port) { client in
                            let text = try? await client.post(
                                #"{"jsonrpc":"2.0","id":1,"method":"chain.tip"}"#
                            )
                            await gate.arrive()
                            return text?.hasPrefix("HTTP/1.1 200 ") ?? false
                        }
                        if answer == nil { await gate.arrive() }
                        return answer ?? false
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(served == limits.connections)
            let tip = #"{"jsonrpc":"2.0","id":1,"method":"chain.tip"}"#
            let after = try await Exchange.call(port, tip)
            #expect(after.status == 200)
        }
    }
}

/// Holds everyone back until all have come.
actor Gate {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { missing = count }

    func arrive() async {
        missing -= 1
        if missing == 0 {
            for continuation in waiting { continuation.resume() }
            waiting = []
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }
}
