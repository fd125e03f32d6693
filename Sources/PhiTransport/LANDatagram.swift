import NIOCore

/// A datagram that came in on the local network.
public struct LANDatagram: Sendable {
    /// What it holds; a longer one is cut off after ``byteLimit`` bytes.
    public let bytes: [UInt8]
    /// Where it came from.
    public let source: PeerAddress
    /// The link that it came from; nil where its source is no neighbor on any.
    public let link: LANLink?
    /// Whether it was sent to the group, and not to this machine alone.
    public let isToGroup: Bool
    /// The source as the system names it, which an answer needs.
    let origin: SocketAddress

    /// Bytes of a datagram that are looked at.
    public static let byteLimit = 512
}

/// Hands datagrams over; one socket's troubles do not close it.
final class LANReader: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let links: [LANLink]
    private let isToGroup: Bool
    private let take: @Sendable (LANDatagram) -> Void

    init(
        links: [LANLink],
        isToGroup: Bool,
        take: @escaping @Sendable (LANDatagram) -> Void
    ) {
        self.links = links
        self.isToGroup = isToGroup
        self.take = take
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let source = PeerAddress(envelope.remoteAddress) else { return }
        take(
            LANDatagram(
                bytes: Array(envelope.data.readableBytesView),
                source: source,
                link: links.first { $0.holds(envelope.remoteAddress) },
                isToGroup: isToGroup,
                origin: envelope.remoteAddress
            )
        )
    }

    /// A datagram that could not be delivered comes back as an error of the socket.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
