import Foundation
import Testing

extension NodeProcessTests {
    @Suite("The RPC interface of a running node", .timeLimit(.minutes(2))) struct RPCTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        private static func request(_ method: String, _ parameters: String = "{}") -> String {
            #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(parameters)}"#
        }

        @Test("refuses what is no good call, and goes on")
        func badCalls() async throws {
            let node = try await NodeProcess(folder)
            let calls: [(String, Int64)] = [
                ("", -32700), ("{", -32700), ("\u{0}", -32700), ("[1,2", -32700), ("[]", -32600),
                ("5", -32600), ("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"chain.tip\"}", -32600),
                (Self.request("chain.nothing"), -32601), (Self.request(""), -32601),
                (Self.request("chain.tip", "{\"more\":1}"), -32602),
                (Self.request("chain.header", "{}"), -32602),
                (Self.request("chain.header", "{\"block\":true}"), -32602),
                (Self.request("chain.header", "{\"block\":-1}"), -32602),
                (Self.request("chain.header", "{\"block\":1e400}"), -32602),
                (Self.request("chain.headers", "{\"from\":0,\"limit\":501}"), -32602),
                (Self.request("entry.get", "{\"entry\":\"zz\"}"), -32602),
                (Self.request("entry.submit", "{\"entry\":\"AAAA\"}"), -32002),
                (Self.request("meeting.history", "{\"meeting\":[]}"), -32602),
            ]
            for (body, code) in calls {
                let answer = try node.post(body)
                #expect(answer.document["error"]["code"] == .integer(code), "\(body): \(answer)")
                #expect(answer.document["error"]["message"].text?.isEmpty == false)
            }
            #expect(try node.tip().height == 0)
            try await node.stop()
        }

        @Test("answers a batch of 100 and refuses one of 101")
        func batches() async throws {
            let node = try await NodeProcess(folder)
            let calls = [String](repeating: Self.request("chain.tip"), count: 101)
            let allowed = try node.post("[\(calls.dropLast().joined(separator: ","))]")
            #expect(allowed.document.list?.count == 100)
            #expect(allowed.document[99]["result"]["height"] == .integer(0))
            let refused = try node.post("[\(calls.joined(separator: ","))]")
            #expect(refused.document["error"]["code"] == .integer(-32600), "\(refused)")
            try await node.stop()
        }

        @Test("takes a body of 1 MiB and refuses one byte more")
        func bodies() async throws {
            let node = try await NodeProcess(folder)
            let call = Self.request("chain.tip")
            let room = (1 << 20) - call.utf8.count
            let allowed = try node.post(call + String(repeating: " ", count: room))
            #expect(allowed.document["result"]["height"] == .integer(0), "\(allowed)")
            let refused = try node.post(call + String(repeating: " ", count: room + 1))
            #expect(refused.status == 413, "\(refused)")
            try await node.stop()
        }

        @Test(
            "wants its token for what changes the node",
            arguments: [
                ("node.stop", "{}"), ("miner.set", "{\"enabled\":true}"),
                ("miner.generate", "{\"blocks\":1}"), ("peer.add", "{\"address\":\"127.0.0.1:1\"}"),
                (
                    "chain.acceptReorg", "{\"tip\":\"\(String(repeating: "0", count: 64))\"}"
                ),
            ]
        )
        func authority(method: String, parameters: String) async throws {
            let node = try await NodeProcess(folder)
            let call = Self.request(method, parameters)
            let wrong = String(node.token.reversed())
            for token in [nil, "", wrong, node.token + "0"] as [String?] {
                let answer = try node.post(call, token: token)
                #expect(answer.document["error"]["code"] == .integer(-32003), "\(answer)")
            }
            #expect(node.isRunning)
            #expect(try node.tip().height == 0)
            try await node.stop()
        }

        @Test("refuses other hosts' names, even with the token")
        func hosts() async throws {
            let node = try await NodeProcess(folder)
            for host in ["evil.example", "evil.example:\(node.rpcPort)", "127.0.0.1.evil.example"] {
                let answer = try node.post(Self.request("chain.tip"), token: node.token, host: host)
                #expect(answer.status == 421, "\(host): \(answer)")
                #expect(answer.document["result"] == .null)
            }
            let port = node.rpcPort
            for host in ["localhost:\(port)", "127.0.0.1:\(port)"] {
                #expect(try node.post(Self.request("chain.tip"), host: host).status == 200)
            }
            try await node.stop()
        }

        @Test("answers 200 connections at once")
        func connections() async throws {
            let node = try await NodeProcess(folder)
            let sockets = try (0..<200).map { _ in try NodeProcessSocket(port: node.rpcPort) }
            for socket in sockets { socket.send(node.request(Self.request("chain.tip"))) }
            for socket in sockets {
                let answer = NodeProcess.parsed(socket.untilEnd())
                #expect(answer.document["result"]["height"] == .integer(0), "\(answer)")
            }
            try await node.stop()
        }
    }
}
