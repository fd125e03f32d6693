import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

@testable import PhiNode

/// One node in a network of many addresses, whose nodes answer calls as a test wants.
struct PeerWorld {
    /// How the nodes at an address behave.
    enum Nature {
        /// It answers and has the node's own tip.
        case honest
        /// It answers and never knows of a block.
        case ignorant
        /// Nobody answers.
        case dead
    }

    /// A node that may be called.
    struct Resident {
        let identity: VerifyingKey
        var nature: Nature
    }

    var bench: TestBench
    var residents: [PeerAddress: Resident] = [:]
    /// Connections that stand, by handle.
    var links: [PeerHandle: PeerAddress] = [:]
    /// Every address that was ever called.
    var called: [PeerAddress] = []
    /// What the nodes see as the caller's host.
    var seenAt = PeerAddress(version4: 0, port: 0)
    private var nextLink: PeerHandle = 1
    private var nextNode: UInt64 = 1

    static var policy: NodePolicy {
        var policy = NodePolicy()
        policy.isLocal = false
        return policy
    }

    /// A network with a block in a minute.
    static let network = TestNetwork.make { parameters in
        parameters.blockInterval = 60_000
        parameters.grace = 1_800_000
        parameters.idleCap = 3_600_000
    }

    init(policy: NodePolicy = PeerWorld.policy, book: [UInt8]? = nil) throws {
        bench = try TestBench(on: Self.network, policy: policy, book: book)
    }

    /// Puts a node into the world.
    @discardableResult
    mutating func settle(_ address: PeerAddress, _ nature: Nature) -> VerifyingKey {
        let identity = AddressBookTests.node(nextNode)
        nextNode += 1
        residents[address] = Resident(identity: identity, nature: nature)
        return identity
    }

    /// Has the node hear of an address.
    mutating func hear(of address: PeerAddress, from source: PeerAddress) {
        guard let identity = residents[address]?.identity else { return }
        var chance = SeededChance(seed: UInt64(truncatingIfNeeded: address.address))
        bench.node.book.heard(
            of: address,
            identity: identity,
            from: source.group,
            way: .peers,
            now: bench.now,
            chance: &chance
        )
    }

    func links(_ kind: LinkKind) -> [PeerAddress] {
        bench.node.peers.values.filter { $0.kind == kind }
            .sorted { $0.handle < $1.handle }.compactMap(\.address)
    }

    /// Lets time pass in steps, with all calls and pings answered.
    mutating func run(for milliseconds: UInt64, step: UInt64 = 1_000) {
        let end = bench.now.adding(milliseconds: milliseconds)
        answer()
        while bench.now < end {
            bench.now = min(end, bench.now.adding(milliseconds: step))
            bench.step(.tick)
            answer()
        }
    }

    /// Answers all that the node asked for.
    mutating func answer() {
        while !bench.dialed.isEmpty || !bench.sent.isEmpty || !bench.ended.isEmpty {
            for handle in bench.ended.keys { links[handle] = nil }
            bench.ended = [:]
            let sent = bench.sent
            bench.sent = []
            for (handle, message) in sent {
                guard let resident = links[handle].flatMap({ residents[$0] }) else { continue }
                if case .ping(let ping) = message {
                    bench.receive(.pong(nonce: ping.nonce), from: handle)
                    let own = Ping(nonce: 1, tip: claim(of: resident))
                    bench.receive(.ping(own), from: handle)
                }
            }
            let dialed = bench.dialed
            bench.dialed = []
            for address in dialed { take(address) }
        }
    }

    private mutating func take(_ address: PeerAddress) {
        called.append(address)
        guard let resident = residents[address], resident.nature != .dead else {
            return bench.step(.dialFailed(address))
        }
        let handle = nextLink
        nextLink += 1
        links[handle] = address
        bench.step(
            .connected(
                handle,
                identity: resident.identity,
                isInbound: false,
                address: address
            )
        )
        let hello = Hello(
            chain: bench.network.chain,
            parameters: bench.network.parameters,
            tip: claim(of: resident),
            payloadsFrom: .genesis,
            envelopesFrom: .genesis,
            minimumDensity: 0,
            observedAddress: seenAt,
            record: nil
        )
        bench.receive(.hello(hello), from: handle)
    }

    private func claim(of resident: Resident) -> TipClaim {
        if resident.nature == .ignorant {
            return TipClaim(
                hash: bench.network.chain,
                height: .genesis,
                work: bench.network.genesis.chainWork
            )
        }
        return bench.node.tipClaim
    }
}
