import NIOCore
import PhiAPI
import PhiRPC
import Testing

@Suite("A WebSocket", .timeLimit(.minutes(2))) struct WebSocketTests {
    private static let tip = #"{"jsonrpc":"2.0","id":1,"method":"chain.tip"}"#

    private static func subscribe(_ parameters: String) -> String {
        #"{"jsonrpc":"2.0","id":"s","method":"subscribe","params":\#(parameters)}"#
    }

    private static func json(_ frame: RawClient.Frame) throws -> JSON {
        try JSON(parsing: frame.payload)
    }

    @Test("answers calls in their order, batches and notifications too")
    func calls() async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                let head = try await client.upgrade()
                #expect(head.hasPrefix("HTTP/1.1 101 "))
                #expect(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
                try await client.sendText(Self.tip)
                try await client.sendText(#"{"jsonrpc":"2.0","method":"chain.tip"}"#)
                try await client.sendText("[\(Self.tip),\(Self.tip)]")
                try await client.sendText("nonsense")
                let first = try Self.json(try await client.readFrame())
                #expect(first["result"]?["method"] == "chain.tip")
                #expect(try Self.json(try await client.readFrame()).array?.count == 2)
                let last = try Self.json(try await client.readFrame())
                #expect(last["error"]?["code"] == -32_700)
            }
        }
    }

    @Test("pushes events, goes on after a cursor, and stops when asked")
    func subscription() async throws {
        let node = TestNode()
        try await TestServer.run(node) { port in
            try await RawClient.connect(port) { client in
                _ = try await client.upgrade()
                for _ in 0..<3 { node.publish() }
                try await client.sendText(Self.subscribe(#"{"topic":"blocks","cursor":"c1"}"#))
                let opened = try Self.json(try await client.readFrame())
                #expect(opened["id"] == "s")
                #expect(opened["result"]?["topic"] == "blocks")
                let name = try #require(opened["result"]?["subscription"]?.string)
                node.publish()
                for number in 2...4 {
                    let event = try Self.json(try await client.readFrame())
                    #expect(event["method"] == "event")
                    #expect(event["id"] == nil)
                    #expect(event["params"]?["subscription"] == .string(name))
                    #expect(event["params"]?["topic"] == "blocks")
                    #expect(event["params"]?["cursor"] == .string("c\(number)"))
                    #expect(event["params"]?["event"]?["number"] == .integer(Int64(number)))
                }
                let stop =
                    #"{"jsonrpc":"2.0","id":2,"method":"unsubscribe","params":["\#(name)"]}"#
                try await client.sendText(stop)
                #expect(try Self.json(try await client.readFrame())["result"] == ["done": true])
                node.publish()
                try await client.sendText(stop)
                let again = try Self.json(try await client.readFrame())
                #expect(again["error"]?["code"] == -32_001)
                #expect(node.ended == 1)
            }
        }
    }

    @Test("has 64 subscriptions and no more")
    func subscriptionLimit() async throws {
        let node = TestNode()
        try await TestServer.run(node) { port in
            try await RawClient.connect(port) { client in
                _ = try await client.upgrade()
                for count in 1...65 {
                    try await client.sendText(Self.subscribe(#"["blocks"]"#))
                    let answer = try Self.json(try await client.readFrame())
                    #expect((answer["result"] != nil) == (count <= 64))
                    if count == 65 { #expect(answer["error"]?["data"]?["limit"] == 64) }
                }
                try await client.sendText(
                    Self.subscribe(#"["meeting:\#(String(repeating: "00", count: 32))"]"#)
                )
                #expect(try Self.json(try await client.readFrame())["error"] != nil)
            }
        }
    }

    @Test("that does not read its events is told where to go on, and others are not held up")
    func slowSubscriber() async throws {
        let node = TestNode(capacity: 4)
        try await TestServer.run(node) { port in
            try await RawClient.connect(port, receiveBuffer: 4_096) { slow in
                _ = try await slow.upgrade()
                try await slow.sendText(Self.subscribe(#"["blocks"]"#))
                _ = try await slow.readFrame()
                while node.ended == 0 {
                    node.publish(padding: 100_000)
                    await Task.yield()
                }
                var last: String?
                while true {
                    let event = try Self.json(try await slow.readFrame())
                    let cursor = event["params"]?["cursor"]?.string
                    if event["params"]?["dropped"] == true {
                        #expect(cursor != nil && cursor == last)
                        break
                    }
                    last = cursor
                }
                try await slow.sendText(Self.tip)
                #expect(try Self.json(try await slow.readFrame())["result"] != nil)
            }
        }
    }

    @Test("may send 1 MiB and no more")
    func oversize() async throws {
        try await TestServer.run { port in
            let limit = 1 << 20
            let text = Array(Self.tip.utf8)
            let most = text + [UInt8](repeating: 0x20, count: limit - text.count)
            try await RawClient.connect(port) { client in
                _ = try await client.upgrade()
                try await client.sendFrame(most)
                #expect(try Self.json(try await client.readFrame())["result"] != nil)
                try await client.sendFrame(most + [0x20])
                let close = try await client.readFrame()
                #expect(close.opcode == 8)
                #expect(close.payload.prefix(2) == [0x03, 0xF1])
            }
            try await RawClient.connect(port) { client in
                _ = try await client.upgrade()
                try await client.sendFrame(most, isFinal: false)
                try await client.sendFrame([0x20], opcode: 0)
                let close = try await client.readFrame()
                #expect(close.opcode == 8)
                #expect(close.payload.prefix(2) == [0x03, 0xF1])
            }
        }
    }

    @Test("whose frames are not masked is closed")
    func unmasked() async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                _ = try await client.upgrade()
                try await client.sendFrame(Array(Self.tip.utf8), isMasked: false)
                let close = try await client.readFrame()
                #expect(close.opcode == 8)
                #expect(close.payload.prefix(2) == [0x03, 0xEA])
                #expect(await client.readToEnd() == "")
            }
        }
    }

    @Test("answers a ping, and a farewell with the same one")
    func control() async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                _ = try await client.upgrade()
                try await client.sendFrame([1, 2, 3], opcode: 9)
                let pong = try await client.readFrame()
                #expect(pong.opcode == 10 && pong.payload == [1, 2, 3])
                try await client.sendFrame([0x03, 0xE8], opcode: 8)
                let close = try await client.readFrame()
                #expect(close.opcode == 8 && close.payload == [0x03, 0xE8])
                #expect(await client.readToEnd() == "")
            }
        }
    }

    @Test("that stays silent is pinged and then cut")
    func silence() async throws {
        var limits = TestServer.limits
        limits.idleTimeout = .milliseconds(200)
        try await TestServer.run(limits: limits) { port in
            try await RawClient.connect(port) { client in
                _ = try await client.upgrade()
                #expect(try await client.readFrame().opcode == 9)
                _ = await client.readToEnd()
            }
        }
    }

    @Test("is refused to who may not read, and has the rights of its token")
    func authority() async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                let head = try await client.upgrade(fields: "X-Forwarded-For: 192.0.2.1\r\n")
                #expect(head.hasPrefix("HTTP/1.1 403 "))
            }
            try await RawClient.connect(port) { client in
                let head = try await client.upgrade(fields: "Authorization: Bearer wrong\r\n")
                #expect(head.hasPrefix("HTTP/1.1 401 "))
            }
            try await RawClient.connect(port) { client in
                let head = try await client.upgrade(host: "evil.example")
                #expect(head.hasPrefix("HTTP/1.1 421 "))
            }
            let stop = #"{"jsonrpc":"2.0","id":1,"method":"node.stop"}"#
            for (fields, isAllowed) in [
                ("", false), ("Authorization: Bearer \(TestServer.token)\r\n", true),
            ] {
                try await RawClient.connect(port) { client in
                    _ = try await client.upgrade(fields: fields)
                    try await client.sendText(stop)
                    let answer = try Self.json(try await client.readFrame())
                    #expect((answer["result"] != nil) == isAllowed)
                }
            }
        }
    }

    @Test("whose call takes too long is closed")
    func slowAnswer() async throws {
        var limits = TestServer.limits
        limits.answerTimeout = .milliseconds(100)
        try await TestServer.run(limits: limits) { port in
            try await RawClient.connect(port) { client in
                _ = try await client.upgrade()
                try await client.sendText(#"{"jsonrpc":"2.0","id":1,"method":"meeting.list"}"#)
                #expect(try await client.readFrame().opcode == 8)
            }
        }
    }
}
