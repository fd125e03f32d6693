import PhiAPI
import PhiRPC
import Testing

@Suite("A server") struct AccessTests {
    private static let tip = #"{"jsonrpc":"2.0","id":1,"method":"chain.tip"}"#
    private static let stop = #"{"jsonrpc":"2.0","id":1,"method":"node.stop"}"#

    private static func publish(_ configuration: inout RPCConfiguration) {
        configuration.isPublic = true
    }

    private static func name(_ configuration: inout RPCConfiguration) {
        configuration.hostNames = ["node.example"]
    }

    @Test("gives its token's holder everything and refuses a wrong token outright")
    func token() async throws {
        try await TestServer.run { port in
            let right = [("Authorization", "Bearer \(TestServer.token)")]
            #expect(try await Exchange.call(port, Self.stop, fields: right).json?["result"] != nil)
            for wrong in [
                "Bearer x", "Bearer ", "Basic \(TestServer.token)", TestServer.token,
                "Bearer \(TestServer.token)0", "Bearer \(TestServer.token.dropLast())0",
            ] {
                let answer = try await Exchange.call(
                    port,
                    Self.tip,
                    fields: [("Authorization", wrong)]
                )
                #expect(answer.status == 401)
                #expect(answer.errorCode == -32_003)
            }
        }
    }

    @Test("judges each call of a connection by its own fields")
    func changedFields() async throws {
        let right = "Authorization: Bearer \(TestServer.token)\r\n"
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                for _ in 0..<2 {
                    let known = try await client.post(Self.stop, fields: right)
                    #expect(known.contains("\"result\""))
                }
                let unknown = try await client.post(Self.stop)
                #expect(unknown.contains("-32003"))
                let again = try await client.post(Self.stop, fields: right)
                #expect(again.contains("\"result\""))
                let longer = try await client.post(Self.stop + "  ", fields: right)
                #expect(longer.contains("\"result\""))
                let foreign = try await client.post(
                    Self.stop,
                    fields: right + "Origin: https://evil.example\r\n"
                )
                #expect(foreign.hasPrefix("HTTP/1.1 403"))
            }
        }
    }

    @Test("treats what a proxy hands on as not from this machine")
    func forwarded() async throws {
        let fields = [("X-Forwarded-For", "192.0.2.1")]
        try await TestServer.run { port in
            let answer = try await Exchange.call(port, Self.tip, fields: fields)
            #expect(answer.errorCode == -32_003)
        }
        try await TestServer.run(configure: Self.publish) { port in
            let read = try await Exchange.call(port, Self.tip, fields: fields)
            #expect(read.json?["result"] != nil)
            let peers = #"{"jsonrpc":"2.0","id":1,"method":"peer.list"}"#
            let far = try await Exchange.call(port, peers, fields: fields)
            #expect(far.errorCode == -32_003)
            let near = try await Exchange.call(port, peers)
            #expect(near.json?["result"] != nil)
        }
    }

    @Test(
        "answers to its own names only",
        arguments: [
            ("localhost", 200), ("127.0.0.1:80", 200), ("[::1]:7", 200), ("a.localhost", 200),
            ("192.0.2.7", 200), ("node.example", 200), ("NODE.example:8080", 200),
            ("evil.example", 421), ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421),
            ("", 421), ("127.0.0.1@evil.example", 421),
        ]
    )
    func hosts(host: String, status: Int) async throws {
        try await TestServer.run(configure: Self.name) { port in
            try await RawClient.connect(port) { client in
                try await client.send("GET /healthy HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                #expect(try await client.read(until: "\r\n").hasPrefix("HTTP/1.1 \(status) "))
            }
        }
    }

    @Test("needs one Host field, no fewer and no more")
    func hostField() async throws {
        try await TestServer.run { port in
            for fields in ["", "Host: localhost\r\nHost: localhost\r\n"] {
                try await RawClient.connect(port) { client in
                    try await client.send("GET /healthy HTTP/1.1\r\n\(fields)\r\n")
                    #expect(try await client.read(until: "\r\n").hasPrefix("HTTP/1.1 400 "))
                }
            }
        }
    }

    @Test(
        "refuses pages of other sites",
        arguments: [
            ("Origin: http://localhost\r\n", 200), ("Origin: https://localhost\r\n", 200),
            ("Origin: http://evil.example\r\n", 403), ("Origin: null\r\n", 403),
            ("Origin: http://localhost:8080\r\n", 403), ("Origin: localhost\r\n", 403),
            ("Sec-Fetch-Site: same-origin\r\n", 200), ("Sec-Fetch-Site: none\r\n", 200),
            ("Sec-Fetch-Site: cross-site\r\n", 403), ("Sec-Fetch-Site: same-site\r\n", 403),
        ]
    )
    func origins(fields: String, status: Int) async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                let answer = try await client.post(Self.tip, fields: fields)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            }
            try await RawClient.connect(port) { client in
                let head = try await client.upgrade(fields: fields)
                #expect(head.hasPrefix("HTTP/1.1 \(status == 200 ? 101 : status) "))
            }
        }
    }

    @Test("answers as ever to who wishes for another protocol", arguments: ["h2c", "websocket"])
    func otherProtocols(name: String) async throws {
        try await TestServer.run { port in
            try await RawClient.connect(port) { client in
                let fields = "Connection: Upgrade\r\nUpgrade: \(name)\r\n"
                let answer = try await client.post(Self.tip, fields: fields)
                #expect(answer.hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test("takes calls as JSON only")
    func contentType() async throws {
        try await TestServer.run { port in
            for (type, status) in [
                ("application/json", 200), ("application/json; charset=utf-8", 200),
                ("Application/JSON", 200), ("text/plain", 415), ("application/jsonp", 415),
                ("application/x-www-form-urlencoded", 415),
            ] as [(String, UInt)] {
                let answer = try await Exchange.send(
                    port,
                    fields: [("Content-Type", type)],
                    body: Array(Self.tip.utf8)
                )
                #expect(answer.status == status)
            }
            let bare = try await Exchange.send(port, fields: [], body: Array(Self.tip.utf8))
            #expect(bare.status == 415)
        }
    }

    @Test(
        "answers every address with the fields that protect browsers",
        arguments: [
            ("GET", "/healthy", 200), ("HEAD", "/healthy", 200), ("GET", "/ready", 503),
            ("GET", "/metrics", 200), ("GET", "/openrpc.json", 200), ("GET", "/nothing", 404),
            ("GET", "/index.html", 404), ("GET", "/rpc", 405), ("POST", "/healthy", 405),
            ("OPTIONS", "/rpc", 405), ("GET", "/ws", 426), ("GET", "/events", 400),
            ("GET", "/events?topic=x", 400), ("GET", "/events?topic=blocks&x=1", 400),
            ("GET", "/events?topic=%zz", 400),
            ("GET", "/events?topic=blocks&topic=blocks", 400),
        ]
    )
    func routes(method: String, path: String, status: UInt) async throws {
        try await TestServer.run { port in
            let answer = try await Exchange.send(port, method, path, fields: [])
            #expect(answer.status == status)
            let fields = Dictionary(answer.fields, uniquingKeysWith: { first, _ in first })
            #expect(fields["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(fields["x-content-type-options"] == "nosniff")
            #expect(fields["set-cookie"] == nil)
            #expect(fields["access-control-allow-origin"] == nil)
            if method != "HEAD", path != "/metrics" { #expect(answer.json != nil) }
        }
    }

    @Test("describes itself with the same document in both places")
    func discovery() async throws {
        try await TestServer.run { port in
            let file = try await Exchange.send(port, "GET", "/openrpc.json", fields: [])
            let call = try await Exchange.call(
                port,
                #"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"#
            )
            #expect(file.json != nil)
            #expect(call.json?["result"] == file.json)
            #expect(file.json?["info"]?["version"] == "1.2.3")
        }
    }

    @Test("does not start where it would be readable on the network by accident")
    func binding() throws {
        for (host, isRefused) in [
            ("127.0.0.1", false), ("::1", false), ("localhost", false), ("0.0.0.0", true),
            ("::", true), ("192.0.2.1", true), ("node.example", true),
        ] {
            var configuration = RPCConfiguration(host: host)
            if isRefused {
                #expect(throws: RPCStartFailure.insecure(host: host)) {
                    try configuration.validate()
                }
            } else {
                try configuration.validate()
            }
            configuration.allowsInsecure = true
            try configuration.validate()
        }
        #expect(throws: RPCStartFailure.shortToken(count: 15, minimum: 16)) {
            try RPCConfiguration(token: String(repeating: "x", count: 15)).validate()
        }
        #expect(throws: RPCStartFailure.badPort(65_536)) {
            try RPCConfiguration(port: 65_536).validate()
        }
    }
}
