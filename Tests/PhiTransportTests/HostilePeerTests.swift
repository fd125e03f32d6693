import NIOCore
import NIOSSL
import PhiCrypto
import Testing

@testable import PhiTransport

/// How a stranger presents itself who must not come in.
enum Stranger: CaseIterable, Sendable {
    case withoutCertificate
    case withTwoCertificates
    case ofAnotherAlgorithm
    case ofOlderTLS
    case ofAnotherProtocol
    case ofNoProtocol
    case withOurKey

    func context() throws -> NIOSSLContext {
        try HostilePeer.context(of: self == .withOurKey ? 1 : 66) { configuration in
            switch self {
            case .withoutCertificate:
                configuration.certificateChain = []
                configuration.privateKey = nil
            case .withTwoCertificates:
                let other = try HostilePeer.certificate(67).certificate
                configuration.certificateChain.append(.certificate(other))
            case .ofAnotherAlgorithm:
                let (certificate, key) = (ForeignIdentity.certificate, ForeignIdentity.privateKey)
                configuration.certificateChain =
                    try NIOSSLCertificate
                    .fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) }
                configuration.privateKey = .privateKey(
                    try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
                )
            case .ofOlderTLS: configuration.maximumTLSVersion = .tlsv12
            case .ofAnotherProtocol: configuration.applicationProtocols = ["phi/2"]
            case .ofNoProtocol: configuration.applicationProtocols = []
            case .withOurKey: break
            }
        }
    }
}

@Suite("A network attacked", .timeLimit(.minutes(1))) struct HostilePeerTests {
    private func expectSurvival(
        policy: TransportPolicy = TransportPolicy(),
        _ attack: @Sendable @escaping (PeerAddress) async throws -> Void
    ) async throws {
        let node = try TestNode(1, policy: policy)
        try await node.run { address in
            try await attack(address)
            let friend = try await expectAlive(node, at: address)
            // Nobody else was opened before the friend came.
            let known = try TestNode.identity(200).verifyingKey
            #expect(friend.remoteKey == known)
        }
    }

    @Test("turns a stranger away", arguments: Stranger.allCases)
    func stranger(_ stranger: Stranger) async throws {
        try await expectSurvival { address in
            try await HostilePeer.connect(to: address, tls: stranger.context()) { reader, writer in
                try? await writer.write(ByteBuffer(bytes: [1, 0, 0, 0, 1]))
                #expect(await reader.untilEnd() == 0)
            }
        }
    }

    @Test(
        "turns away who does not speak TLS",
        arguments: [
            [UInt8](repeating: 0xA5, count: 4096), [1, 0, 0, 0, 1], Array("GET /\r\n\r\n".utf8),
        ]
    )
    func garbage(bytes: [UInt8]) async throws {
        try await expectSurvival { address in
            try await HostilePeer.connect(to: address, tls: nil) { reader, writer in
                try await writer.write(ByteBuffer(bytes: bytes))
                _ = await reader.untilEnd()
            }
        }
    }

    @Test("hangs up on who says nothing")
    func silence() async throws {
        var policy = TransportPolicy()
        // Long enough for the friend who comes afterwards, on a busy machine too.
        policy.handshakeTimeout = .seconds(2)
        try await expectSurvival(policy: policy) { address in
            try await HostilePeer.connect(to: address, tls: nil) { reader, _ in
                _ = await reader.untilEnd()
            }
        }
    }

    @Test("lets nobody in who connects and leaves at once")
    func fleeting() async throws {
        try await expectSurvival { address in
            for _ in 0..<20 { try await HostilePeer.connect(to: address, tls: nil) { _, _ in } }
        }
    }

    /// Comes in with a good key, misbehaves, and tells how the node saw it leave.
    private func departure(
        policy: TransportPolicy = TransportPolicy(),
        bodyLimit: @escaping @Sendable (UInt8) -> Int? = { $0 == 1 ? 10 : nil },
        untilEnd: Bool = true,
        sending pieces: [[UInt8]]
    ) async throws -> PeerDeparture {
        let node = try TestNode(1, policy: policy, bodyLimit: bodyLimit)
        let (departures, teller) = AsyncStream<PeerDeparture>.makeStream()
        try await node.run { address in
            try await HostilePeer.connect(to: address, tls: HostilePeer.context()) {
                reader,
                writer in
                for piece in pieces { try await writer.write(ByteBuffer(bytes: piece)) }
                _ = try await node.next(\.opened)
                if untilEnd { _ = await reader.untilEnd() }
            }
            teller.yield(try await node.next(\.closed))
            _ = try await expectAlive(node, at: address)
        }
        var iterator = departures.makeAsyncIterator()
        return try #require(await iterator.next())
    }

    @Test("refuses an oversize frame before its body comes")
    func oversize() async throws {
        let violation = FrameViolation.tooLong(length: 1_048_577, limit: 1_048_576)
        #expect(try await departure(sending: [[1, 0, 16, 0]]) == .violation(violation))
    }

    @Test("refuses an empty frame")
    func empty() async throws {
        #expect(try await departure(sending: [[0, 0, 0, 0]]) == .violation(.empty))
    }

    @Test("refuses a body over its type's limit before it comes")
    func typeLimit() async throws {
        let violation = FrameViolation.bodyTooLong(type: 1, count: 11, limit: 10)
        #expect(try await departure(sending: [[12, 0, 0, 0, 1]]) == .violation(violation))
    }

    @Test("bears a frame cut short by the end", arguments: 1..<8)
    func truncation(count: Int) async throws {
        let frame: [UInt8] = [4, 0, 0, 0, 1, 7, 7, 7]
        let left = try await departure(untilEnd: false, sending: [Array(frame.prefix(count))])
        #expect(left == .closedByPeer)
    }

    @Test("hangs up on a peer that has nothing to say")
    func idle() async throws {
        var policy = TransportPolicy()
        // Long enough for the friend who comes afterwards, on a busy machine too.
        policy.idleTimeout = .seconds(2)
        #expect(try await departure(policy: policy, sending: []) == .silent)
    }

    @Test("hangs up on a peer that never ends a frame, though it keeps sending")
    func dripping() async throws {
        var policy = TransportPolicy()
        policy.frameTimeout = .milliseconds(100)
        let node = try TestNode(1, policy: policy)
        try await node.run { address in
            try await HostilePeer.connect(to: address, tls: HostilePeer.context()) {
                reader,
                writer in
                try await writer.write(ByteBuffer(bytes: [255, 255, 0, 0, 1]))
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        // Far slower than the frame is long; ends when the node hangs up.
                        while !Task.isCancelled {
                            try? await writer.write(ByteBuffer(bytes: [0]))
                            try? await Task.sleep(for: .milliseconds(10))
                        }
                    }
                    _ = await reader.untilEnd()
                    group.cancelAll()
                }
            }
            let violation = FrameViolation.unfinished(limit: .milliseconds(100))
            #expect(try await node.next(\.closed) == .violation(violation))
        }
    }

    @Test("understands a friend who sends one byte at a time")
    func oneByteAtATime() async throws {
        let node = try TestNode(1)
        try await node.run { address in
            try await HostilePeer.connect(to: address, tls: HostilePeer.context()) { _, writer in
                for byte: UInt8 in [4, 0, 0, 0, 1, 7, 8, 9, 1, 0, 0, 0, 2] {
                    try await writer.write(ByteBuffer(bytes: [byte]))
                }
                #expect(try await node.next(\.received) == Frame(type: 1, body: [7, 8, 9]))
                #expect(try await node.next(\.received) == Frame(type: 2, body: []))
            }
        }
    }
}
