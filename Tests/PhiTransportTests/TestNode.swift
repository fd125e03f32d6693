import Logging
import PhiCrypto
import PhiTransport

/// What a network told its node.
enum News: Sendable {
    /// A peer proved its key.
    case opened(PeerConnection)
    /// A frame came.
    case received(PeerConnection, Frame)
    /// A connection is over.
    case closed(PeerConnection, PeerDeparture)
    /// A dial led to nothing.
    case dialFailed(PeerAddress, DialFailure)

    var opened: PeerConnection? {
        if case .opened(let connection) = self { connection } else { nil }
    }
    var received: Frame? { if case .received(_, let frame) = self { frame } else { nil } }
    var closed: PeerDeparture? { if case .closed(_, let reason) = self { reason } else { nil } }
    var failure: DialFailure? {
        if case .dialFailed(_, let failure) = self { failure } else { nil }
    }
}

/// A test waited for news that will not come.
struct NoNews: Error {}

/// A network on a port of this machine that keeps its news.
struct TestNode: Sendable {
    /// The network itself.
    let network: PeerNetwork
    /// The key of the node.
    let key: VerifyingKey
    private let news: AsyncStream<News>

    /// Prepares a node whose key follows from a small number.
    init(
        _ number: UInt8,
        listens: Bool = true,
        policy: TransportPolicy = TransportPolicy(),
        bodyLimit: @escaping @Sendable (UInt8) -> Int? = { _ in Frame.lengthLimit },
        keeps: Bool = true,
        hears: @escaping @Sendable (Frame) async -> Void = { _ in }
    ) throws {
        let identity = try TestNode.identity(number)
        let (news, teller) = AsyncStream<News>.makeStream()
        self.news = news
        key = identity.verifyingKey
        network = PeerNetwork(
            identity: identity,
            listeningOn: listens ? [PeerAddress(host: "127.0.0.1", port: 0)] : [],
            policy: policy,
            bodyLimit: bodyLimit,
            events: PeerEvents(
                opened: { connection in
                    teller.yield(.opened(connection))
                    return keeps
                },
                received: { connection, frame in
                    await hears(frame)
                    teller.yield(.received(connection, frame))
                },
                closed: { teller.yield(.closed($0, $1)) },
                dialFailed: { teller.yield(.dialFailed($0, $1)) }
            ),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// The identity that follows from a small number.
    static func identity(_ number: UInt8) throws -> TransportIdentity {
        try TransportIdentity(seed: [UInt8](repeating: number, count: 32))
    }

    /// Waits for the first news that has what is sought; earlier news is dropped.
    func next<Value: Sendable>(_ sought: (News) -> Value?) async throws -> Value {
        for await item in news {
            if let value = sought(item) { return value }
        }
        throw NoNews()
    }

    /// Runs the network while the body runs.
    func run(
        _ body: @Sendable @escaping (PeerAddress) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await network.run() }
            let bound = try await network.boundAddresses()
            try await body(bound.first ?? PeerAddress(host: "127.0.0.1", port: 0))
            group.cancelAll()
        }
    }

    /// Dials and waits for the connection.
    func connect(
        to address: PeerAddress,
        expecting key: VerifyingKey? = nil
    ) async throws
        -> PeerConnection
    {
        network.dial(address, expecting: key)
        let outcome = try await next { news -> Result<PeerConnection, DialFailure>? in
            news.opened.map { .success($0) } ?? news.failure.map { .failure($0) }
        }
        return try outcome.get()
    }
}

/// Shows that a node still serves: a stranger comes, is known, and is heard.
func expectAlive(
    _ node: TestNode,
    at address: PeerAddress,
    number: UInt8 = 200
) async throws
    -> PeerConnection
{
    let friend = try TestNode(number, listens: false)
    let (met, meeting) = AsyncStream<PeerConnection>.makeStream()
    try await friend.run { _ in
        let link = try await friend.connect(to: address, expecting: node.key)
        guard link.send(Frame(type: 7, body: [1, 2, 3])) else { throw NoNews() }
        let opened = try await node.next(\.opened)
        guard try await node.next(\.received) == Frame(type: 7, body: [1, 2, 3]) else {
            throw NoNews()
        }
        meeting.yield(opened)
    }
    meeting.finish()
    for await connection in met { return connection }
    throw NoNews()
}
