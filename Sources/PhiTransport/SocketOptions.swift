import NIOCore
import NIOPosix

/// How sockets of peers are set up.
///
/// Nagle's algorithm would hold small messages back, and large reads would leave each connection with
/// large buffers for its whole life.
private enum SocketOptions {
    static let readAllocator = AdaptiveRecvByteBufferAllocator(
        minimum: 64,
        initial: 2048,
        maximum: 32_768
    )
}

extension ClientBootstrap {
    /// Sets the options of a peer's socket.
    func frugal() -> ClientBootstrap {
        channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: SocketOptions.readAllocator)
    }
}

extension ServerBootstrap {
    /// Sets the options of the listening socket and of the peers' sockets.
    func frugal() -> ServerBootstrap {
        serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: SocketOptions.readAllocator)
    }
}
