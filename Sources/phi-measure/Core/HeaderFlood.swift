import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

/// A node and a peer that feeds it headers by every rule, all with as little work as can be.
///
/// Each header lies ten seconds after its parent, so difficulty stays where it is easiest, and 30
/// million of them are a chain of nine and a half years.
struct HeaderFlood<Store: KeyValueStore> {
    private static var peer: PeerHandle { 1 }
    private static var interval: UInt64 { 10_000 }

    private(set) var node: Node<Store>
    /// Headers that were made.
    private(set) var count = 0
    private let limit: Int
    private let now: Timestamp
    private let network: Network
    private let rules: HeaderRules
    private let target: Target
    private var tip: ValidHeader
    private var history = MerkleFrontier()

    /// A node with a peer that claims more work than any chain has.
    ///
    /// - Parameters:
    ///   - store: An empty store.
    ///   - limit: How many headers there are.
    ///   - identities: Two keys, of the node and of its peer.
    /// - Throws: What keeps a node from starting.
    init(store: Store, limit: Int, identities: (VerifyingKey, VerifyingKey)) throws {
        var parameters = NetworkParameters.main
        parameters.targetLimitExponent = 255
        target = parameters.targetLimit
        var genesis = Network.genesisDraft(
            parameters: parameters,
            time: Timestamp(milliseconds: 1_500_000_000_000),
            target: target
        )
        while !target.isMet(by: genesis.hash) { genesis.nonce += 1 }
        network = try Network(
            name: "flood",
            prefix: "phid",
            parameters: parameters,
            genesis: genesis
        )
        self.limit = limit
        rules = HeaderRules(network)
        tip = ValidHeader(genesisOf: network)
        history.append(leaf: genesis.historyLeaf)
        now = genesis.time.adding(milliseconds: UInt64(limit + 360) * Self.interval)
        try StoreFormat.prepare(store, network: network)
        var policy = NodePolicy()
        policy.minimumChainWork = Work(rawValue: 1 << 100)
        node = try Node(
            store: store,
            network: network,
            identity: identities.0,
            policy: policy,
            seed: 1
        )
        _ = node.step(.started(ownRecord: nil), at: now)
        let connected = Event.connected(
            Self.peer,
            identity: identities.1,
            isInbound: true,
            address: nil
        )
        _ = node.step(connected, at: now)
        let claim = TipClaim(
            hash: .zero,
            height: Height(UInt32(limit)),
            work: policy.minimumChainWork
        )
        let hello = Hello(
            chain: network.chain,
            parameters: parameters,
            tip: claim,
            payloadsFrom: .genesis,
            envelopesFrom: .genesis,
            minimumDensity: 0,
            observedAddress: PeerAddress(version4: 0, port: 0),
            record: nil
        )
        _ = node.step(.received(Self.peer, .hello(hello)), at: now)
    }

    /// The next headers; none when all were made.
    mutating func next() throws -> HeaderBatch {
        let parent = tip
        var items: [CompactHeader] = []
        while items.count < Int(Limits.headers), count < limit {
            var header = try rules.draft(
                after: tip,
                time: tip.header.time.adding(milliseconds: Self.interval),
                entryCount: 0,
                bodyBytes: 0,
                entriesRoot: MerkleTree.emptyRoot,
                historyRoot: history.root
            )
            var hash = header.hash
            while !target.isMet(by: hash) {
                header.nonce += 1
                hash = header.hash
            }
            let spacing = network.parameters.minimumSpacing
            guard
                let item = CompactHeader(header, after: tip.header.time, minimumSpacing: spacing)
            else { throw MeasureFailure.generated("a header is too early") }
            items.append(item)
            history.append(leaf: header.historyLeaf)
            tip = ValidHeader(stored: header, hash: hash)
            count += 1
        }
        guard let start = parent.header.height.next else {
            throw MeasureFailure.generated("no height is left")
        }
        return HeaderBatch(start: start, parent: parent.hash, items: items)
    }

    /// Gives headers to the node.
    ///
    /// - Parameter batch: The headers.
    /// - Returns: Whether the node asks for more of them.
    /// - Throws: What the node did that it should not.
    mutating func feed(_ batch: HeaderBatch) throws -> Bool {
        var wantsMore = false
        for effect in node.step(.received(Self.peer, .headers(batch)), at: now) {
            switch effect {
            case .send(_, .getHeaders): wantsMore = true
            case .commit: throw MeasureFailure.answer("the node stores something")
            case .disconnect(_, let reason): throw MeasureFailure.refused("\(reason)")
            default: break
            }
        }
        return wantsMore
    }
}
