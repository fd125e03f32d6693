import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PhiAPI
import PhiRPC
import Testing

/// One exchange with a server under test.
struct Exchange {
    let status: UInt
    let fields: [(String, String)]
    let body: String

    var json: JSON? { try? JSON(parsing: Array(body.utf8)) }

    var errorCode: Int64? { json?["error"]?["code"]?.integer }

    /// Sends one request.
    static func send(
        _ port: Int,
        _ method: String = "POST",
        _ path: String = "/rpc",
        fields: [(String, String)] = [("Content-Type", "application/json")],
        body: [UInt8]? = nil
    ) async throws -> Exchange {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .init(rawValue: method)
        for (name, value) in fields { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Exchange(
            status: response.status.code,
            fields: response.headers.map { ($0.name.lowercased(), $0.value) },
            body: String(decoding: bytes.readableBytesView, as: UTF8.self)
        )
    }

    /// Sends one text to `/rpc`.
    static func call(
        _ port: Int,
        _ text: String,
        fields: [(String, String)] = []
    ) async throws -> Exchange {
        try await send(
            port,
            fields: [("Content-Type", "application/json")] + fields,
            body: Array(text.utf8)
        )
    }
}

@Suite("A call") struct CallTests {
    private static let tip = #"{"jsonrpc":"2.0","id":1,"method":"chain.tip"}"#

    @Test("is answered with its result and its id")
    func result() async throws {
        try await TestServer.run { port in
            let answer = try await Exchange.call(port, Self.tip)
            #expect(answer.status == 200)
            #expect(answer.body == #"{"jsonrpc":"2.0","id":1,"result":{"method":"chain.tip"}}"#)
            #expect(answer.fields.contains { $0 == ("content-type", "application/json") })
        }
    }

    @Test(
        "is answered with the code of its fault",
        arguments: [
            ("", -32_700), ("{", -32_700), ("nonsense", -32_700), ("[1", -32_700),
            ("1", -32_600), ("[]", -32_600), ("{}", -32_600), ("\"x\"", -32_600),
            (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32_600),
            (#"{"jsonrpc":"2.0","id":1,"method":"nothing"}"#, -32_601),
            (#"{"jsonrpc":"2.0","id":1,"method":"miner.generate","params":[1]}"#, -32_601),
            (#"{"jsonrpc":"2.0","id":1,"method":"chain.tip","params":[1]}"#, -32_602),
            (#"{"jsonrpc":"2.0","id":1,"method":"chain.tip","params":{"x":1}}"#, -32_602),
            (#"{"jsonrpc":"2.0","id":1,"method":"chain.block"}"#, -32_602),
            (#"{"jsonrpc":"2.0","id":1,"method":"node.stop"}"#, -32_003),
            (#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":["blocks"]}"#, -32_600),
        ]
    )
    func faults(text: String, code: Int64) async throws {
        try await TestServer.run { port in
            let answer = try await Exchange.call(port, text)
            #expect(answer.status == 200)
            #expect(answer.errorCode == code)
            #expect(answer.json?["error"]?["message"]?.string?.isEmpty == false)
        }
    }

    @Test("in a batch is answered in its place; notifications are not")
    func batches() async throws {
        try await TestServer.run { port in
            let batch = #"[\#(Self.tip),1,{"jsonrpc":"2.0","method":"chain.tip"},{"foo":1}]"#
            let answers = try await Exchange.call(port, batch).json?.array
            #expect(answers?.count == 3)
            #expect(answers?[0]["id"] == 1)
            #expect(answers?[1]["error"]?["code"] == -32_600)
            #expect(answers?[2]["id"] == JSON.null)

            let notification = #"{"jsonrpc":"2.0","method":"chain.tip"}"#
            for text in [notification, "[\(notification)]"] {
                let silence = try await Exchange.call(port, text)
                #expect(silence.status == 204)
                #expect(silence.body.isEmpty)
            }
        }
    }

    @Test("shares its batch with 99 others and no more")
    func batchLimit() async throws {
        try await TestServer.run { port in
            func batch(_ count: Int) -> String {
                "[\(Array(repeating: Self.tip, count: count).joined(separator: ","))]"
            }
            let most = try await Exchange.call(port, batch(100))
            #expect(most.json?.array?.count == 100)
            let tooMany = try await Exchange.call(port, batch(101))
            #expect(tooMany.errorCode == -32_600)
        }
    }

    @Test("in a batch whose answers are long enough is told to come again")
    func batchAnswerLimit() async throws {
        var limits = TestServer.limits
        limits.batchAnswerBytes = 6_000
        try await TestServer.run(limits: limits) { port in
            let call = #"{"jsonrpc":"2.0","id":1,"method":"chain.headers","params":[0]}"#
            let text = "[\(Array(repeating: call, count: 4).joined(separator: ","))]"
            let body = try await Exchange.call(port, text).body
            #expect(body.components(of: "\"result\"") == 2)
            #expect(body.components(of: "-32004") == 2)
        }
    }

    @Test("may have a body of 1 MiB and no longer")
    func bodyLimit() async throws {
        try await TestServer.run { port in
            let limit = 1 << 20
            let text = Array(Self.tip.utf8)
            let padding = [UInt8](repeating: 0x20, count: limit - text.count)
            let fields = [("Content-Type", "application/json")]
            let most = try await Exchange.send(port, fields: fields, body: text + padding)
            #expect(most.json?["result"] != nil)
            let tooLong = try await Exchange.send(
                port,
                fields: fields,
                body: text + padding + [0x20]
            )
            #expect(tooLong.status == 413)
            let after = try await Exchange.call(port, Self.tip)
            #expect(after.status == 200)
        }
    }

    @Test("may have a chunked body of 1 MiB and no longer")
    func chunkedLimit() async throws {
        var limits = TestServer.limits
        limits.bodyBytes = 1_000
        try await TestServer.run(limits: limits) { port in
            for (padding, status) in [(900, "200 OK"), (1_000, "413 Payload Too Large")] {
                try await RawClient.connect(port) { client in
                    let body = Self.tip + String(repeating: " ", count: padding)
                    try await client.send(
                        "POST /rpc HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
                    )
                    #expect(try await client.read(until: "\r\n") == "HTTP/1.1 \(status)\r\n")
                }
            }
        }
    }

    @Test("waits for the word to go on, where it asks for it")
    func expectation() async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                try await client.send(
                    "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Expect: 100-continue\r\nContent-Length: \(Self.tip.utf8.count)\r\n\r\n"
                )
                #expect(try await client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
                try await client.send(Self.tip)
                #expect(try await client.readAnswer().hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test("may follow others on one connection without waiting")
    func pipelining() async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                let request =
                    "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(Self.tip.utf8.count)\r\n\r\n\(Self.tip)"
                try await client.send(String(repeating: request, count: 50))
                for _ in 0..<50 {
                    #expect(try await client.readAnswer().hasSuffix(#""method":"chain.tip"}}"#))
                }
            }
        }
    }

    @Test("that is too fast is told when to come again, unless it has the token")
    func rate() async throws {
        var limits = TestServer.limits
        limits.requestsPerSecond = 1
        limits.requestBurst = 3
        try await TestServer.run(limits: limits) { port in
            let calls = Array(repeating: Self.tip, count: 100).joined(separator: ",")
            let answers = try await Exchange.call(port, "[\(calls)]").json?.array ?? []
            #expect(answers.prefix(3).allSatisfy { $0["result"] != nil })
            let refused = try #require(answers.last { $0["error"] != nil })
            #expect(refused["error"]?["code"] == -32_004)
            #expect(refused["id"] == 1)
            let delay = refused["error"]?["data"]?["retryAfterMs"]?.integer ?? 0
            #expect((1...1_001).contains(delay))
            var status: UInt = 200
            while status == 200 {
                status = try await Exchange.send(port, "GET", "/healthy").status
            }
            #expect(status == 429)
            let token = [("Authorization", "Bearer \(TestServer.token)")]
            for _ in 0..<10 {
                let answer = try await Exchange.call(port, Self.tip, fields: token)
                #expect(answer.json?["result"] != nil)
            }
        }
    }
}

extension String {
    /// How often a text occurs.
    func components(of text: String) -> Int { ranges(of: text).count }
}
