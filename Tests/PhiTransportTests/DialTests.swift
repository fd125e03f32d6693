import NIOCore
import NIOPosix
import NIOSSL
import PhiCrypto
import Testing

@testable import PhiTransport

@Suite("A dial", .timeLimit(.minutes(1))) struct DialTests {
    @Test("to a peer with another key than expected fails, and the peer lives on")
    func wrongPin() async throws {
        let (listener, dialer) = (try TestNode(1), try TestNode(2, listens: false))
        try await listener.run { address in
            try await dialer.run { _ in
                dialer.network.dial(address, expecting: dialer.key)
                let failure = try await dialer.next(\.failure)
                #expect(failure == .handshake(.unexpectedKey(found: listener.key)))
            }
            let friend = try await expectAlive(listener, at: address)
            let known = try TestNode.identity(200).verifyingKey
            #expect(friend.remoteKey == known)
        }
    }

    @Test("to the node itself fails, and the node lives on")
    func ourselves() async throws {
        let node = try TestNode(1)
        try await node.run { address in
            node.network.dial(address, expecting: nil)
            #expect(try await node.next(\.failure) == .handshake(.ourselves))
            _ = try await expectAlive(node, at: address)
        }
    }

    @Test("resolves a name")
    func name() async throws {
        let (listener, dialer) = (try TestNode(1), try TestNode(2, listens: false))
        try await listener.run { address in
            try await dialer.run { _ in
                let local = PeerAddress(host: "localhost", port: address.port)
                let connection = try await dialer.connect(to: local)
                #expect(connection.remoteAddress.port == address.port)
            }
        }
    }

    @Test("to an address where nobody listens fails")
    func nobody() async throws {
        let (gone, dialer) = (try TestNode(1), try TestNode(2, listens: false))
        let (addresses, teller) = AsyncStream<PeerAddress>.makeStream()
        try await gone.run { teller.yield($0) }
        var iterator = addresses.makeAsyncIterator()
        let address = try #require(await iterator.next())
        try await dialer.run { _ in
            dialer.network.dial(address, expecting: nil)
            guard case .unreachable = try await dialer.next(\.failure) else {
                Issue.record("somebody answered")
                return
            }
        }
    }

    @Test("to a listener that says nothing fails in time")
    func silence() async throws {
        var policy = TransportPolicy()
        policy.handshakeTimeout = .milliseconds(100)
        let dialer = try TestNode(2, listens: false, policy: policy)
        try await withListener(tls: nil) { address in
            try await dialer.run { _ in
                dialer.network.dial(address, expecting: nil)
                let failure = try await dialer.next(\.failure)
                #expect(failure == .handshake(.timedOut))
            }
        }
    }

    @Test("is given up at once when the node goes down")
    func abandoned() async throws {
        let dialer = try TestNode(2, listens: false)
        try await withListener(tls: nil) { address in
            try await dialer.run { _ in dialer.network.dial(address, expecting: nil) }
        }
    }

    @Test("to a peer of another protocol fails", arguments: [["phi/2"], []])
    func wrongProtocol(names: [String]) async throws {
        let (certificate, key) = try HostilePeer.certificate(9)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)],
            privateKey: .privateKey(key)
        )
        configuration.applicationProtocols = names
        let dialer = try TestNode(2, listens: false)
        try await withListener(tls: NIOSSLContext(configuration: configuration)) { address in
            try await dialer.run { _ in
                dialer.network.dial(address, expecting: nil)
                let failure = try await dialer.next(\.failure)
                #expect(failure == .handshake(.wrongProtocol(nil)))
            }
        }
    }

    @Test("to a peer with a key of another algorithm fails")
    func otherAlgorithm() async throws {
        let (certificate, key) = (ForeignIdentity.certificate, ForeignIdentity.privateKey)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
                .map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
        )
        configuration.applicationProtocols = ["phi/1"]
        let dialer = try TestNode(2, listens: false)
        try await withListener(tls: NIOSSLContext(configuration: configuration)) { address in
            try await dialer.run { _ in
                dialer.network.dial(address, expecting: nil)
                guard case .handshake(.refused) = try await dialer.next(\.failure) else {
                    Issue.record("the handshake went on")
                    return
                }
            }
        }
    }

    /// Listens as no node does, and closes when the body is done.
    private func withListener(
        tls context: NIOSSLContext?,
        _ body: (PeerAddress) async throws -> Void
    ) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let context else { return }
                    let handler = NIOSSLServerHandler(context: context)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await body(try #require(PeerAddress(listener.localAddress)))
        try await listener.close()
    }
}
