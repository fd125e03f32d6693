import NIOCore
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTransport
import PhiWire

/// Learns the node's chain over honest connections of its own, one short one each time.
actor Scout {
    /// How long an answer counts as fresh.
    private static let freshness = Duration.milliseconds(500)
    /// How long one visit may take.
    private static let patience = Duration.seconds(5)

    private let target: PhiTransport.PeerAddress?
    private let network: Network
    private var known: Branch
    private var visited: ContinuousClock.Instant?
    private var current: Task<Branch, any Error>?

    init(network: Network, target: PhiTransport.PeerAddress?) {
        self.network = network
        self.target = target
        known = Branch(on: network)
    }

    /// The node's chain; the last that is known where the node takes no call.
    func branch() async throws -> Branch {
        if let visited, ContinuousClock.now - visited < Self.freshness { return known }
        if let current { return (try? await current.value) ?? known }
        guard let target else { return known }
        let start = known
        let task = Task { try await Self.visit(target, knowing: start) }
        current = task
        let found = try? await task.value
        current = nil
        visited = .now
        if let found { known = found }
        return known
    }

    private static func visit(
        _ target: PhiTransport.PeerAddress,
        knowing start: Branch
    ) async throws -> Branch {
        var chance = SystemRandomNumberGenerator()
        let seed = (0..<32).map { _ in UInt8.random(in: 0...255, using: &chance) }
        let identity = try TransportIdentity(seed: seed)
        let socket = try await Link.dial(target, from: nil, identity: identity)
        return try await socket.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Branch.self) { group in
                group.addTask {
                    try await converse(inbound, outbound, knowing: start)
                }
                group.addTask {
                    try await Task.sleep(for: patience)
                    throw Victim.Gone()
                }
                defer { group.cancelAll() }
                guard let first = try await group.next() else { throw Victim.Gone() }
                return first
            }
        }
    }

    private static func converse(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        knowing start: Branch
    ) async throws -> Branch {
        func send(_ message: Message) async throws {
            let frame = Victim.frame(type: message.type.rawValue, body: message.encodedBody())
            try await outbound.write(ByteBuffer(bytes: frame))
        }
        var branch = start
        var reader = FrameReader()
        let parameters = branch.network.parameters
        for try await var bytes in inbound {
            reader.take(&bytes)
            while let frame = reader.next() {
                let message = try? Message.decode(
                    type: frame.type,
                    body: frame.body,
                    parameters: parameters
                )
                switch message {
                case .hello(let hello):
                    try await send(
                        .hello(
                            Hello(
                                chain: branch.network.chain,
                                parameters: parameters,
                                tip: Branch(on: branch.network).claim,
                                payloadsFrom: .genesis,
                                envelopesFrom: .genesis,
                                minimumDensity: 0,
                                observedAddress: hello.observedAddress,
                                record: nil
                            )
                        )
                    )
                    try await send(.getHeaders(branch.locator))
                case .headers(let batch):
                    guard try branch.follow(batch), batch.items.count > 16 else { return branch }
                    try await send(.getHeaders(branch.locator))
                default: break
                }
            }
        }
        throw Victim.Gone()
    }
}

extension Branch {
    /// Hashes from the tip back, ever sparser, down to the genesis block.
    var locator: [Digest] {
        var hashes: [Digest] = []
        var step = 1
        var place = height
        while place > 0, hashes.count < Int(Limits.locatorHashes) - 1 {
            hashes.append(headers[place].hash)
            if hashes.count > 16 { step *= 2 }
            place -= step
        }
        return hashes + [network.chain]
    }
}
