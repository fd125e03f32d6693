import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension NodeProcessTests {
    @Suite("A node that is told to stop", .timeLimit(.minutes(2))) struct ShutdownTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        @Test(
            "ends in good order though peers and a subscriber are idle",
            arguments: [SIGTERM, SIGINT]
        )
        func graceful(signal: Int32) async throws {
            let node = try await NodeProcess(folder, "a")
            let peer = try await NodeProcess(folder, "b", network: "dev", "--peer", node.address)
            try await eventually("a peer") { try !node.peers().isEmpty }
            let silent = try NodeProcessSocket(port: node.peerPort)
            let waiting = try NodeProcessSocket(port: node.rpcPort)
            let events = try NodeProcessSocket(port: node.rpcPort)
            events.send(
                Array(
                    """
                    GET /events?topic=blocks HTTP/1.1\r
                    Host: 127.0.0.1:\(node.rpcPort)\r
                    \r\n
                    """.utf8
                )
            )
            #expect(events.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
            try node.generate(1)
            #expect(events.receive(until: "data:").contains("data:"))
            let start = ContinuousClock.now
            node.send(signal: signal)
            #expect(try await node.ended() == 0, "\(node.log)")
            let time = ContinuousClock.now - start
            FileHandle.standardError.write(
                Data("A node ended \(time) after signal \(signal).\n".utf8)
            )
            #expect(time < .seconds(10))
            #expect(silent.untilEnd().isEmpty)
            #expect(waiting.untilEnd().isEmpty)
            try await eventually("the peer's notice") { try peer.peers().isEmpty }
            try await peer.stop()
        }

        @Test("is ended at once by a second signal")
        func forced() async throws {
            let node = try await NodeProcess(folder)
            // The answer to this call holds a graceful end back for a while.
            let busy = try NodeProcessSocket(port: node.rpcPort)
            busy.send(
                node.request(
                    #"{"jsonrpc":"2.0","id":1,"method":"miner.generate","params":{"blocks":1000}}"#,
                    token: node.token
                )
            )
            try await eventually("a block") { try node.tip().height > 0 }
            node.send(signal: SIGTERM)
            node.send(signal: SIGINT)
            #expect(try await node.ended() == 130)
            let restarted = try await NodeProcess(folder)
            #expect(try restarted.tip().height > 0)
            try await restarted.stop()
        }

        @Test("ends in good order when node.stop asks for it")
        func stopped() async throws {
            let node = try await NodeProcess(folder)
            _ = try node.answer("node.stop")
            #expect(try await node.ended() == 0, "\(node.log)")
        }
    }
}
