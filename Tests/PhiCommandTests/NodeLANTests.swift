import Foundation
import PhiCrypto
import PhiLedger
import PhiWire
import Testing

extension NodeProcessTests {
    @Suite("A node on the local network", .timeLimit(.minutes(3))) struct LANTests {
        #if os(Linux)
            private static let loop = "lo"
        #else
            private static let loop = "lo0"
        #endif

        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        private static var now: Timestamp {
            Timestamp(milliseconds: UInt64(Date().timeIntervalSince1970 * 1_000))
        }

        /// A node of a network that no other test has, and the hash of that network.
        private func start() async throws -> (node: NodeProcess, chain: Digest) {
            let ending = try await folder.run([
                "genesis", "create", "--name", "own", "--like", "dev", "--bits", "207fffff", "-o",
                "own.json",
            ])
            #expect(ending.status == 0, "\(ending.errors)")
            let node = try await NodeProcess(
                folder,
                network: folder.path(of: "own.json"),
                command: NodeProcess.run + ["--lan", "--lan-interface", Self.loop]
            )
            let chain = try node.call("node.info")["network"]["chain"].text ?? ""
            return (node, try #require(Digest(hex: chain)))
        }

        /// How many datagrams had an outcome so far.
        private func count(_ outcome: String, at node: NodeProcess) throws -> Int {
            let socket = try NodeProcessSocket(port: node.rpcPort)
            socket.send(
                Array(
                    """
                    GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:\(node.rpcPort)\r\n\
                    Authorization: Bearer \(node.token)\r\nConnection: close\r\n\r\n
                    """.utf8
                )
            )
            let text = String(decoding: socket.untilEnd(), as: UTF8.self)
            let name = "phi_lan_datagrams_total{outcome=\"\(outcome)\"} "
            let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name) }
            return try #require(line.flatMap { Int($0.dropFirst(name.count)) }, "\(text)")
        }

        /// Waits for the node's own question, as one who hears it among those of others.
        private func question(_ neighbor: LANNeighbor, of chain: Digest) throws -> UInt16 {
            for _ in 0..<100 {
                let heard = try #require(neighbor.heard())
                let beacon = try? LANBeacon(decoding: heard.bytes)
                if beacon?.asks(for: chain, now: Self.now) == true { return heard.port }
            }
            throw NodeProcessFailure("the node did not ask")
        }

        private static func record(
            _ seed: [UInt8],
            at port: UInt16,
            chain: Digest
        ) throws -> [UInt8] {
            let draft = NodeRecordDraft(
                flags: [.full, .dialable],
                signedAt: now,
                validity: 3_600_000,
                servesFrom: .genesis,
                addresses: [PeerAddress(version4: 0x7F00_0001, port: port)]
            )
            return try draft.signed(by: SigningKey(seed: seed), chain: chain).encoded
        }

        @Test("answers a question with its record, and no more than four at once")
        func answers() async throws {
            let (node, chain) = try await start()
            let neighbor = try LANNeighbor()
            try await eventually("its own question") { try count("own", at: node) > 0 }
            for nonce in 0..<UInt128(20) {
                let now = Self.now
                neighbor.ask(
                    LANBeacon(nonce: nonce, listenPort: 0, chain: chain, now: now).encoded
                )
            }
            let bytes = try #require(neighbor.answered())
            let record = try NodeRecord(decoding: bytes)
            #expect(record.identity.hex == node.identity)
            #expect("\(record.addresses)" == "[127.0.0.1:\(node.peerPort)]")
            let source = PeerAddress(version4: 0x7F00_0001, port: 1)
            try record.check(
                chain: chain,
                now: Self.now,
                receivedFrom: source,
                isLocalNetwork: false
            )
            try await eventually("all of them") {
                try count("answered", at: node) + count("limited", at: node) == 20
            }
            #expect(try count("limited", at: node) > 0)
            try await node.stop()
        }

        @Test("is not upset by anything that is said")
        func hostile() async throws {
            let (node, chain) = try await start()
            let neighbor = try LANNeighbor()
            try await eventually("its own question") { try count("own", at: node) > 0 }
            let good = LANBeacon(nonce: 1, listenPort: 7, chain: chain, now: Self.now).encoded
            var random = SystemRandomNumberGenerator()
            for length in [0, 1, 4, 55, 57, 511, 512, 513, 9_000, 65_507] {
                let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                neighbor.ask(noise)
                neighbor.ask(Array((good + noise + good).prefix(max(57, length))))
            }
            try await eventually("the noise") { try count("malformed", at: node) >= 20 }
            neighbor.ask(
                LANBeacon(nonce: 1, listenPort: 7, chain: .zero, now: Self.now).encoded
            )
            try await eventually("the stranger") { try count("otherNetwork", at: node) > 0 }
            neighbor.ask(good)
            #expect(neighbor.answered() != nil)
            try await node.stop()
        }

        @Test("believes no answer that a peer's record would not be believed")
        func answersOfOthers() async throws {
            let neighbor = try LANNeighbor()
            let (node, chain) = try await start()
            let port = try question(neighbor, of: chain)
            let seed = [UInt8](repeating: 7, count: 32)
            var forged = try Self.record(seed, at: 9, chain: chain)
            forged[forged.count - 1] ^= 1
            neighbor.answer(forged, to: port)
            neighbor.answer(try Self.record(seed, at: 9, chain: Digest.zero), to: port)
            neighbor.answer([1, 2, 3], to: port)
            try await eventually("the refusals") {
                try count("badRecord", at: node) == 2 && count("malformed", at: node) == 1
            }
            let other = try await NodeProcess(
                folder,
                "other",
                network: node.network,
                command: NodeProcess.run
            )
            neighbor.answer(
                try Self.record(seed, at: other.peerPort, chain: chain),
                to: port
            )
            try await eventually("the answer") { try count("learned", at: node) == 1 }
            #expect(try node.peers().isEmpty, "its key is not the one that was told")
            for node in [node, other] { try await node.stop() }
        }
    }
}
