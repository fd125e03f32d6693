public import Logging
import NIOCore
import NIOPosix

/// The UDP sockets with which a node asks its neighbors and hears what they ask.
///
/// Questions go to a group of every link, from a socket of the link's own whose port the system
/// chooses; answers come back to it. So several nodes of one machine do not take each other's.
public final class LANSockets: Sendable {
    /// Datagrams that may wait; more are dropped.
    public static let waitingDatagrams = 64
    /// Routers pass a datagram on while its count is above one: this one stays on the link.
    private static let hops = 1

    /// Where questions are sent to.
    public struct Groups: Sendable {
        let version4: String
        let version6: String
        let port: UInt16

        /// One group for each family of addresses, at one port.
        public init(version4: String, version6: String, port: UInt16) {
            self.version4 = version4
            self.version6 = version6
            self.port = port
        }
    }

    /// What came in, until the sockets are closed.
    public let datagrams: AsyncStream<LANDatagram>
    /// The links that can be spoken on.
    public let links: [LANLink]

    private let continuation: AsyncStream<LANDatagram>.Continuation
    private let speakers: [(link: LANLink, group: SocketAddress, channel: any Channel)]
    private let listeners: [any Channel]

    private init(
        _ stream: (AsyncStream<LANDatagram>, AsyncStream<LANDatagram>.Continuation),
        speakers: [(link: LANLink, group: SocketAddress, channel: any Channel)],
        listeners: [any Channel]
    ) {
        (datagrams, continuation) = stream
        self.speakers = speakers
        self.listeners = listeners
        links = speakers.map(\.link)
    }

    /// Opens the sockets of some links; a link that cannot be used is left out.
    ///
    /// - Parameters:
    ///   - links: Where to ask and to answer.
    ///   - groups: The groups to join.
    ///   - logger: Is told at debug level which links are left out.
    /// - Returns: The open sockets.
    public static func open(
        on links: [LANLink],
        groups: Groups,
        logger: Logger
    ) async -> LANSockets {
        let stream = AsyncStream.makeStream(
            of: LANDatagram.self,
            bufferingPolicy: .bufferingOldest(waitingDatagrams)
        )
        let opening = LANOpening(links: links, groups: groups, continuation: stream.continuation)
        var speakers: [(link: LANLink, group: SocketAddress, channel: any Channel)] = []
        var listeners: [any Channel] = []
        for link in links {
            do {
                let group = try opening.group(of: link)
                let listener = try await opening.listener(at: group, of: link, beside: listeners)
                if let listener { listeners.append(listener) }
                speakers.append((link, group, try await opening.speaker(on: link, hops: hops)))
            } catch {
                logger.debug(
                    "a link is left out of the search for neighbors",
                    metadata: ["link": "\(link.name)", "error": "\(error)"]
                )
            }
        }
        return LANSockets(
            (stream.stream, stream.continuation),
            speakers: speakers,
            listeners: listeners
        )
    }

    /// Sends some bytes to all neighbors on a link.
    public func ask(_ bytes: [UInt8], on link: LANLink) {
        guard let speaker = speakers.first(where: { $0.link == link }) else { return }
        send(bytes, to: speaker.group, through: speaker.channel)
    }

    /// Sends some bytes to where a datagram came from.
    public func answer(_ datagram: LANDatagram, with bytes: [UInt8]) {
        guard let speaker = speakers.first(where: { $0.link == datagram.link }) else { return }
        send(bytes, to: datagram.origin, through: speaker.channel)
    }

    /// Closes all sockets, which ends the stream of datagrams.
    public func close() async {
        for channel in listeners + speakers.map(\.channel) { try? await channel.close() }
        continuation.finish()
    }

    private func send(_ bytes: [UInt8], to target: SocketAddress, through channel: any Channel) {
        let envelope = AddressedEnvelope(remoteAddress: target, data: ByteBuffer(bytes: bytes))
        channel.writeAndFlush(envelope, promise: nil)
    }
}

/// Opens one socket after another.
private struct LANOpening {
    let links: [LANLink]
    let groups: LANSockets.Groups
    let continuation: AsyncStream<LANDatagram>.Continuation

    func group(of link: LANLink) throws -> SocketAddress {
        let host = link.isVersion6 ? "\(groups.version6)%\(link.name)" : groups.version4
        return try SocketAddress(ipAddress: host, port: Int(groups.port))
    }

    /// A socket bound to the group, so that it hears nothing else.
    ///
    /// All links share that of IPv4: the system hands a datagram to every socket bound to its group,
    /// whichever link the socket has joined it on.
    func listener(
        at group: SocketAddress,
        of link: LANLink,
        beside others: [any Channel]
    ) async throws -> (any Channel)? {
        let shared = link.isVersion6 ? nil : others.first { $0.localAddress?.protocol == .inet }
        let channel: any Channel
        if let shared {
            channel = shared
        } else {
            channel = try await bootstrap(
                hearing: link.isVersion6 ? [link] : links,
                isToGroup: true
            )
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(to: group).get()
        }
        do {
            guard let multicast = channel as? any MulticastChannel else { return nil }
            try await multicast.joinGroup(group, device: link.device).get()
        } catch {
            if shared == nil { try? await channel.close() }
            throw error
        }
        return shared == nil ? channel : nil
    }

    /// A socket that speaks from the link's own address.
    func speaker(on link: LANLink, hops: Int) async throws -> any Channel {
        let channel = try await bootstrap(hearing: [link], isToGroup: false).bind(to: link.address)
            .get()
        do {
            guard let options = channel as? any SocketOptionProvider else { return channel }
            switch link.address {
            case .v4:
                // The option takes the address in the order of the network.
                try await options.unsafeSetSocketOption(
                    level: .ip,
                    name: .ip_multicast_if,
                    value: link.number.bigEndian
                ).get()
                try await options.setIPMulticastTTL(UInt8(hops)).get()
                try await options.setIPMulticastLoop(1).get()
            case .v6:
                try await options.setIPv6MulticastIF(UInt32(link.index)).get()
                try await options.setIPv6MulticastHops(Int32(hops)).get()
                try await options.setIPv6MulticastLoop(1).get()
            case .unixDomainSocket: break
            }
        } catch {
            try? await channel.close()
            throw error
        }
        return channel
    }

    private func bootstrap(hearing links: [LANLink], isToGroup: Bool) -> DatagramBootstrap {
        let continuation = continuation
        return DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: LANDatagram.byteLimit)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        LANReader(links: links, isToGroup: isToGroup) { continuation.yield($0) }
                    )
                }
            }
    }
}
