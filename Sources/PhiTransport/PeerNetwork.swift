public import Logging
import NIOCore
import NIOPosix
import NIOSSL
public import PhiCrypto
public import ServiceLifecycle
import Synchronization

/// The node's connections to its peers: listens, dials, and keeps every conversation going.
///
/// All connections live inside ``run()``. A graceful shutdown cancels them all at once.
public final class PeerNetwork: Service {
    /// What the running network is asked to do.
    private enum Errand: Sendable {
        /// Serve a socket that was accepted.
        case greet(any Channel, PeerAddress, EventLoopFuture<EstablishedPeer>)
        /// Dial a peer.
        case dial(PeerAddress, expecting: VerifyingKey?)
    }

    /// How many dials may wait for the network to run.
    private static let waitingDials = 256

    private let identity: TransportIdentity
    private let addresses: [PeerAddress]
    private let policy: TransportPolicy
    private let bodyLimit: @Sendable (UInt8) -> Int?
    private let events: PeerEvents
    private let logger: Logger
    private let admission: Admission
    private let limits: TransferLimits
    private let bound = Announcement<[PeerAddress]>()
    private let nextID = Atomic<UInt64>(1)
    private let errands: AsyncStream<Errand>
    private let errandBook: AsyncStream<Errand>.Continuation

    /// Prepares a network; nothing is opened before ``run()``.
    /// - Parameters:
    ///   - identity: The key of this node.
    ///   - addresses: Where to listen, as IP addresses; nowhere if empty.
    ///   - policy: The patience of this node.
    ///   - bodyLimit: The longest body of each type, or nil for an unknown type.
    ///   - events: What is called about peers.
    ///   - logger: Where connections are told of, at debug level.
    public init(
        identity: TransportIdentity,
        listeningOn addresses: [PeerAddress],
        policy: TransportPolicy = TransportPolicy(),
        bodyLimit: @escaping @Sendable (UInt8) -> Int?,
        events: PeerEvents,
        logger: Logger
    ) {
        self.identity = identity
        self.addresses = addresses
        self.policy = policy
        self.bodyLimit = bodyLimit
        self.events = events
        self.logger = logger
        admission = Admission(policy: policy)
        limits = TransferLimits(policy: policy)
        (errands, errandBook) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(policy.maximumInbound + PeerNetwork.waitingDials)
        )
    }

    /// Where the network listens, as soon as it does; ports chosen by the system are known here.
    /// - Throws: What kept it from listening.
    public func boundAddresses() async throws -> [PeerAddress] {
        try await bound.value()
    }

    /// Dials a peer; the outcome is told by the events.
    /// - Parameters:
    ///   - address: Where the peer listens.
    ///   - key: The key that the peer must have, or nil to take any.
    /// - Returns: False when the network has ended or too many dials wait.
    @discardableResult
    public func dial(_ address: PeerAddress, expecting key: VerifyingKey?) -> Bool {
        if case .enqueued = errandBook.yield(.dial(address, expecting: key)) { true } else { false }
    }

    /// Listens, dials and serves until the service group shuts down.
    /// - Throws: What kept it from listening.
    public func run() async throws {
        defer {
            errandBook.finish()
            admission.end()
        }
        let listeners = try await listen()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await errand in self.errands {
                    group.addTask { await self.perform(errand) }
                }
                for listener in listeners { listener.close(promise: nil) }
                group.cancelAll()
            }
        }
    }

    private func listen() async throws -> [any Channel] {
        var listeners: [any Channel] = []
        do {
            for address in addresses {
                let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .frugal()
                    .childChannelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture { try self.accept(channel) }
                    }
                listeners.append(
                    try await bootstrap.bind(host: address.host, port: Int(address.port)).get()
                )
            }
        } catch {
            for listener in listeners { listener.close(promise: nil) }
            bound.announce(.failure(error))
            throw error
        }
        bound.announce(.success(listeners.compactMap { PeerAddress($0.localAddress) }))
        return listeners
    }

    /// Takes a new socket in, on its event loop; an error closes it.
    private func accept(_ channel: any Channel) throws {
        guard let address = PeerAddress(channel.remoteAddress) else {
            throw AdmissionRefusal.unknownAddress
        }
        try admission.admit(channel, from: address)
        let established = try prepare(channel, as: .inbound, expecting: nil)
        guard case .enqueued = errandBook.yield(.greet(channel, address, established)) else {
            throw AdmissionRefusal.shutdown
        }
    }

    /// Adds TLS and the gate to a socket, on its event loop.
    private func prepare(
        _ channel: any Channel,
        as direction: PeerDirection,
        expecting key: VerifyingKey?
    ) throws -> EventLoopFuture<EstablishedPeer> {
        let promise = channel.eventLoop.makePromise(of: EstablishedPeer.self)
        let gate = HandshakeGate(
            judge: PeerJudge(own: identity.verifyingKey, expected: key),
            policy: policy,
            bodyLimit: bodyLimit,
            established: promise
        )
        do {
            let verify = gate.verify
            let pipeline = channel.pipeline.syncOperations
            switch direction {
            case .inbound:
                try pipeline.addHandler(
                    NIOSSLServerHandler(
                        context: identity.serverContext,
                        customVerificationCallback: verify
                    )
                )
            case .outbound:
                try pipeline.addHandler(
                    NIOSSLClientHandler(
                        context: identity.clientContext,
                        serverHostname: nil,
                        customVerificationCallback: verify
                    )
                )
            }
            try pipeline.addHandler(gate)
        } catch {
            promise.fail(error)
            throw error
        }
        return promise.futureResult
    }

    private func perform(_ errand: Errand) async {
        switch errand {
        case .greet(let channel, let address, let established):
            await greet(channel, address, established)
        case .dial(let address, let key):
            await call(address, expecting: key)
        }
    }

    private func greet(
        _ channel: any Channel,
        _ address: PeerAddress,
        _ established: EventLoopFuture<EstablishedPeer>
    ) async {
        do {
            let peer = try await withTaskCancellationHandler {
                try await established.get()
            } onCancel: {
                channel.close(promise: nil)
            }
            await converse(with: peer, at: address, direction: .inbound)
        } catch {
            logger.debug(
                "an inbound handshake failed",
                metadata: ["address": "\(address)", "error": "\(error)"]
            )
            await events.handshakeFailed()
        }
    }

    private func call(_ address: PeerAddress, expecting key: VerifyingKey?) async {
        do throws(DialFailure) {
            let peer = try await Dial().run(address, timeout: policy.dialTimeout) { channel in
                try self.prepare(channel, as: .outbound, expecting: key)
            }
            let remote = PeerAddress(peer.frames.channel.remoteAddress) ?? address
            await converse(with: peer, at: remote, direction: .outbound)
        } catch {
            logger.debug(
                "a dial failed",
                metadata: ["address": "\(address)", "error": "\(error)"]
            )
            await events.dialFailed(address, error)
        }
    }

    private func converse(
        with peer: EstablishedPeer,
        at address: PeerAddress,
        direction: PeerDirection
    ) async {
        let connection = PeerConnection(
            id: nextID.wrappingAdd(1, ordering: .relaxed).oldValue,
            direction: direction,
            remoteAddress: address,
            established: peer,
            policy: policy
        )
        let session = PeerSession(
            connection: connection,
            events: events,
            limits: limits,
            logger: logger
        )
        await session.run(peer.frames)
    }
}
