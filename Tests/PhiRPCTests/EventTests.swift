import NIOCore
import PhiAPI
import PhiRPC
import Testing

@Suite("An event stream", .timeLimit(.minutes(2))) struct EventTests {
    private static func open(
        _ client: inout RawClient,
        _ query: String = "topic=blocks",
        fields: String = ""
    ) async throws -> String {
        try await client.send(
            "GET /events?\(query) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
        )
        let head = try await client.read(until: "\r\n\r\n")
        return head + (try await client.read(until: ": live events\n\n"))
    }

    @Test("begins with a comment and carries cursors as ids")
    func events() async throws {
        let node = TestNode()
        try await TestServer.run(node) { port in
            try await RawClient.connect(port) { client in
                let head = try await Self.open(&client)
                #expect(head.hasPrefix("HTTP/1.1 200 "))
                #expect(head.contains("Content-Type: text/event-stream\r\n"))
                node.publish()
                let event = try await client.read(until: "\n\n")
                #expect(event.contains("id: c1\ndata: {\"number\":1,"))
            }
        }
    }

    @Test(
        "goes on after a cursor, that of the field before that of the query",
        arguments: [
            ("topic=blocks&cursor=c2", "", 3), ("topic=blocks", "Last-Event-ID: c1\r\n", 2),
            ("topic=blocks&cursor=c3", "Last-Event-ID: c1\r\n", 2),
            ("topic=%62locks&cursor=c%31", "", 2),
        ]
    )
    func resuming(query: String, fields: String, first: Int) async throws {
        let node = TestNode()
        for _ in 0..<4 { node.publish() }
        try await TestServer.run(node) { port in
            try await RawClient.connect(port) { client in
                _ = try await Self.open(&client, query, fields: fields)
                for number in first...4 {
                    #expect(try await client.read(until: "\n\n").contains("id: c\(number)\n"))
                }
            }
        }
    }

    @Test("shows signs of life while nothing happens")
    func heartbeat() async throws {
        var limits = TestServer.limits
        limits.heartbeat = .milliseconds(20)
        try await TestServer.run(limits: limits) { port in
            try await RawClient.connect(port) { client in
                _ = try await Self.open(&client)
                for _ in 0..<3 { #expect(try await client.read(until: "\n\n").contains(":\n")) }
            }
        }
    }

    @Test("that is not read is told where to go on and ended")
    func slowSubscriber() async throws {
        let node = TestNode(capacity: 4)
        try await TestServer.run(node) { port in
            try await RawClient.connect(port, receiveBuffer: 4_096) { client in
                _ = try await Self.open(&client)
                while node.ended == 0 {
                    node.publish(padding: 100_000)
                    await Task.yield()
                }
                let text = await client.readToEnd()
                let last = text.split(whereSeparator: \.isNewline).last { $0.hasPrefix("id: ") }
                #expect(
                    text.contains(
                        "event: dropped\ndata: {\"cursor\":\"\(last?.dropFirst(4) ?? "")\"}"
                    )
                )
            }
        }
    }

    @Test("ends its subscription when the client goes")
    func leaving() async throws {
        let node = TestNode()
        try await TestServer.run(node) { port in
            try await RawClient.connect(port) { client in _ = try await Self.open(&client) }
            while node.ended == 0 { await Task.yield() }
        }
    }

    @Test("of a topic that is not there is refused")
    func missing() async throws {
        try await TestServer.run { port in
            let id = String(repeating: "00", count: 32)
            let answer = try await Exchange.send(
                port,
                "GET",
                "/events?topic=entry:\(id)",
                fields: []
            )
            #expect(answer.status == 404)
            #expect(answer.errorCode == -32_001)
        }
    }
}

@Suite("A server that stops", .timeLimit(.minutes(1))) struct ShutdownTests {
    @Test("ends live streams, WebSockets, resting and silent connections within a second")
    func shutdown() async throws {
        let node = TestNode()
        try await TestServer.run(node) { port, stop in
            let gate = Gate(5)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await RawClient.connect(port) { client in
                        try await client.send(
                            "GET /events?topic=blocks HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        )
                        _ = try await client.read(until: ": live events\n\n")
                        await gate.arrive()
                        #expect(await client.readToEnd().hasSuffix("0\r\n\r\n"))
                    }
                }
                group.addTask {
                    try await RawClient.connect(port) { client in
                        _ = try await client.upgrade()
                        try await client.sendText(
                            #"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":["blocks"]}"#
                        )
                        _ = try await client.readFrame()
                        await gate.arrive()
                        let close = try await client.readFrame()
                        #expect(close.opcode == 8 && close.payload == [0x03, 0xE9])
                    }
                }
                group.addTask {
                    try await RawClient.connect(port) { client in
                        _ = try await client.post(#"{"jsonrpc":"2.0","id":1,"method":"chain.tip"}"#)
                        await gate.arrive()
                        #expect(await client.readToEnd() == "")
                    }
                }
                group.addTask {
                    try await RawClient.connect(port) { client in
                        try await client.send("GET ")
                        await gate.arrive()
                        #expect(await client.readToEnd() == "")
                    }
                }
                await gate.arrive()
                let clock = ContinuousClock()
                let start = clock.now
                await stop()
                try await group.waitForAll()
                #expect(clock.now - start < .seconds(5), "the farewell is 0.6 s, the rest is load")
            }
        }
    }

    @Test("cuts a call that does not end by itself")
    func slowCall() async throws {
        try await TestServer.run { port, stop in
            try await RawClient.connect(port) { client in
                let call = #"{"jsonrpc":"2.0","id":1,"method":"meeting.list"}"#
                try await client.send(
                    "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(call.utf8.count)\r\n\r\n\(call)"
                )
                await stop()
                #expect(await client.readToEnd() == "")
            }
        }
    }

    @Test("leaves its port to the next one, and says so when the port is taken")
    func port() async throws {
        try await TestServer.run { port in
            await #expect(throws: (any Error).self) {
                try await TestServer.run(configure: { $0.port = port }) { _ in }
            }
        }
    }
}
