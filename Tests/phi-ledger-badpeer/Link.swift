import NIOCore
import NIOPosix
import NIOSSL
import PhiTransport

/// Sockets on which anything can be written, with or without TLS around it.
enum Link {
    typealias Socket = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Connects to the node.
    ///
    /// - Parameters:
    ///   - address: Where the node listens.
    ///   - source: The address of this machine to call from.
    ///   - identity: The key of the connection, or nil for a socket in the clear.
    /// - Returns: The socket; the handshake may still be under way.
    /// - Throws: What kept the socket from connecting.
    static func dial(
        _ address: PeerAddress,
        from source: String?,
        identity: TransportIdentity?
    ) async throws -> Socket {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(5))
        if let source {
            bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: source, port: 0))
        }
        return try await bootstrap.connect(host: address.host, port: Int(address.port)) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let identity {
                    let handler = try NIOSSLClientHandler(
                        context: identity.clientContext,
                        serverHostname: nil,
                        customVerificationCallback: { $1.succeed(.certificateVerified) }
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
                return try Socket(wrappingChannelSynchronously: channel)
            }
        }
    }

    /// Listens on a port that the system chooses.
    static func listen(
        as identity: TransportIdentity
    ) async throws -> NIOAsyncChannel<Socket, Never> {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = NIOSSLServerHandler(
                        context: identity.serverContext,
                        customVerificationCallback: { $1.succeed(.certificateVerified) }
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return try Socket(wrappingChannelSynchronously: channel)
                }
            }
    }
}

/// Cuts the bytes of a connection into frames.
struct FrameReader {
    private var buffer = ByteBuffer()

    /// Takes bytes that came.
    mutating func take(_ bytes: inout ByteBuffer) {
        buffer.writeBuffer(&bytes)
    }

    /// The next whole frame.
    mutating func next() -> (type: UInt8, body: [UInt8])? {
        guard
            let length = buffer.getInteger(
                at: buffer.readerIndex,
                endianness: .little,
                as: UInt32.self
            ),
            length >= 1, buffer.readableBytes >= 4 + Int(length)
        else { return nil }
        buffer.moveReaderIndex(forwardBy: 4)
        let type: UInt8? = buffer.readInteger()
        let body = buffer.readBytes(length: Int(length) - 1)
        buffer.discardReadBytes()
        guard let type, let body else { return nil }
        return (type, body)
    }
}
