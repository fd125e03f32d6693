import Foundation
import Testing

extension NodeProcessTests {
    @Suite("A node with hostile peers", .timeLimit(.minutes(3))) struct PeerTests {
        /// Bytes that are no messages, as whole frames or not, each after a good handshake.
        private static let wrongFrames: [(name: String, bytes: [UInt8])] = [
            ("zeros", [UInt8](repeating: 0, count: 64)),
            ("ones", [UInt8](repeating: 0xFF, count: 64)),
            ("a frame one byte over the limit", [0x01, 0x00, 0x10, 0x00, 0x01]),
            ("a greeting over its limit", [0xFF, 0xFF, 0x0F, 0x00, 0x01]),
            ("an unknown type that is long", [0x00, 0x20, 0x00, 0x00, 0xF0]),
            ("an empty greeting", [0x01, 0x00, 0x00, 0x00, 0x01]),
            (
                "garbage for every type",
                (0...255).flatMap { [0x03, 0, 0, 0, 255 - $0, 0xAA, 0xAA] }
            ),
            ("text", Array("GET / HTTP/1.1\r\nHost: node\r\n\r\n".utf8)),
        ]

        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        /// The node still answers, and an honest peer connects and learns its chain.
        private func expectService(of node: NodeProcess, _ after: String) async throws {
            try node.generate(1)
            let name = "honest-" + UUID().uuidString
            let honest = try await NodeProcess(folder, name, network: "dev", "--peer", node.address)
            try await eventually("the same tip after \(after)") {
                try honest.tip() == node.tip()
            }
            #expect(try node.peers().contains(honest.identity))
            try await honest.stop()
        }

        @Test("ends connections that bring no handshake, and serves others")
        func rawSockets() async throws {
            let node = try await NodeProcess(folder)
            var random = SystemRandomNumberGenerator()
            let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
            // A handshake record that announces more than follows.
            let hello: [UInt8] = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC]
            for bytes in [
                Array("GET / HTTP/1.1\r\n\r\n".utf8), noise, [UInt8](repeating: 0, count: 9),
            ] {
                let socket = try NodeProcessSocket(port: node.peerPort)
                socket.send(bytes)
                _ = socket.untilEnd()
            }
            let silent = try (0..<20).map { _ in try NodeProcessSocket(port: node.peerPort) }
            let slow = try NodeProcessSocket(port: node.peerPort)
            slow.send(hello)
            try await expectService(of: node, "noise and silence")
            withExtendedLifetime((silent, slow)) {}
            try await node.stop()
        }

        @Test("ends connections that bring wrong frames after the handshake, and serves others")
        func wrongFrames() async throws {
            guard let openssl = try await certificate() else { return }
            let node = try await NodeProcess(folder)
            var greeted = 0
            for (name, bytes) in Self.wrongFrames {
                // The node does not want the key of the last one back.
                _ = try await certificate()
                try Data(bytes).write(to: folder.file("frames"))
                // It ends only when the node has ended the connection.
                let ending = try await folder.run(
                    [
                        "s_client", "-connect", "127.0.0.1:\(node.peerPort)", "-tls1_3", "-alpn",
                        "phi/1", "-cert", "certificate.pem", "-key", "key.pem", "-quiet",
                    ],
                    program: openssl,
                    input: "frames"
                )
                greeted += ending.output.isEmpty ? 0 : 1
                #expect(ending.errors.contains("depth=0"), "\(name): \(ending.errors)")
                #expect(node.isRunning)
                #expect(try node.peers().isEmpty)
            }
            #expect(greeted > 0, "no handshake was ever completed")
            try await expectService(of: node, "wrong frames")
            try await node.stop()
        }

        /// Makes a certificate like a node's.
        ///
        /// - Returns: Where OpenSSL is, or nil where it is not.
        private func certificate() async throws -> String? {
            let places = ["/usr/bin/openssl", "/opt/homebrew/opt/openssl@3/bin/openssl"]
            let files = FileManager.default
            guard let openssl = places.first(where: { files.isExecutableFile(atPath: $0) }) else {
                FileHandle.standardError.write(
                    Data("SKIPPED: openssl is absent, wrong frames were not tried.\n".utf8)
                )
                return nil
            }
            let ending = try await folder.run(
                [
                    "req", "-new", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "key.pem",
                    "-out", "certificate.pem", "-subj", "/CN=phi", "-days", "2",
                ],
                program: openssl
            )
            #expect(ending.status == 0, "\(ending.errors)")
            return openssl
        }
    }
}
