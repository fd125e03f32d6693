import NIOCore
import NIOPosix
import NIOSSL

@testable import PhiTransport

/// A peer that keeps to no rule.
enum HostilePeer {
    typealias Link = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Connects with a configuration of TLS, or in the clear, and lends the socket.
    static func connect<Result: Sendable>(
        to address: PeerAddress,
        tls context: NIOSSLContext?,
        _ body: @Sendable (Reader, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Result
    ) async throws -> Result {
        let link = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: address.host, port: Int(address.port)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        let handler = try NIOSSLClientHandler(
                            context: context,
                            serverHostname: nil,
                            customVerificationCallback: { $1.succeed(.certificateVerified) }
                        )
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try Link(wrappingChannelSynchronously: channel)
                }
            }
        return try await link.executeThenClose { inbound, outbound in
            try await body(Reader(inbound: inbound), outbound)
        }
    }

    /// Reads what the other side says.
    struct Reader: Sendable {
        let inbound: NIOAsyncChannelInboundStream<ByteBuffer>

        /// Reads until the other side ends the connection, however it does.
        /// - Returns: How many bytes came.
        func untilEnd() async -> Int {
            var count = 0
            do {
                for try await bytes in inbound { count += bytes.readableBytes }
            } catch {
                return count
            }
            return count
        }
    }

    /// The TLS configuration of an honest client with one thing changed.
    static func context(
        of identity: UInt8 = 66,
        _ change: (inout TLSConfiguration) throws -> Void = { _ in }
    ) throws -> NIOSSLContext {
        var configuration = try honest(identity)
        try change(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }

    /// A certificate and key like a node's.
    static func certificate(
        _ number: UInt8
    ) throws -> (certificate: NIOSSLCertificate, key: NIOSSLPrivateKey) {
        let seed = [UInt8](repeating: number, count: 32)
        let encoded = try TransportIdentity.certificate(seed: seed)
        return (
            try NIOSSLCertificate(bytes: encoded, format: .der),
            try NIOSSLPrivateKey(bytes: DistinguishedEncoding.privateKey(seed: seed), format: .der)
        )
    }

    private static func honest(_ number: UInt8) throws -> TLSConfiguration {
        let (certificate, key) = try certificate(number)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = [.certificate(certificate)]
        configuration.privateKey = .privateKey(key)
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        configuration.verifySignatureAlgorithms = [.ed25519]
        configuration.applicationProtocols = ["phi/1"]
        return configuration
    }
}
