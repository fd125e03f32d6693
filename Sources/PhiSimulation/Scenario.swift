import PhiLedger
import PhiNode

/// Everything about a run that its seed fixes before it starts.
///
/// It is a value that can be made smaller by hand: fewer nodes, fewer faults, less time.
public struct Scenario: Hashable, Sendable {
    /// How long and how large a run is.
    public enum Size: String, CaseIterable, Sendable {
        /// A minute or two of a few nodes.
        case short
        /// Several minutes.
        case medium
        /// Hours.
        case long
    }

    /// The nodes that there can be.
    public static let nodeLimit = 12

    /// The seed of everything.
    public let seed: UInt64
    /// How long and how large the run is.
    public let size: Size
    /// The nodes.
    public var nodes: Int
    /// Milliseconds in which things may go wrong.
    public var duration: UInt64
    /// What goes wrong.
    public var faults: [Fault]
    /// Peers that keep to no rule, each with its behavior.
    public var dishonest: [Behavior]
    /// Milliseconds between two blocks that the network aims at.
    public var blockInterval: UInt32
    /// Blocks after its anchor in which an entry can be recorded.
    public var expiry: UInt32
    /// Hashes of stamp work for each byte.
    public var stampRate: UInt32
    /// Milliseconds between two entries, in the mean.
    public var writingInterval: UInt64
    /// The authors who write.
    public var authors: Int
    /// Whether nodes have records, by which they find each other.
    public var hasRecords: Bool
    /// Whether the limits of pools and queues are so low that they are met.
    public var isCramped: Bool
    /// Milliseconds that a message takes between two nodes.
    public var latency: ClosedRange<UInt64>

    /// The scenario that a seed fixes.
    public init(seed: UInt64) {
        var chance = SeededChance(seed: seed, for: .scenario)
        self.seed = seed
        let draw = chance.below(1_000)
        size = draw < 940 ? .short : draw < 998 ? .medium : .long
        switch size {
        case .short:
            nodes = 2 + chance.index(3)
            duration = chance.draw(15...60) * 1_000
        case .medium:
            nodes = 3 + chance.index(4)
            duration = chance.draw(60...300) * 1_000
        case .long:
            nodes = 4 + chance.index(5)
            duration = chance.draw(900...3_600) * 1_000
        }
        blockInterval = chance.pick([1_000, 2_000, 4_000])
        expiry = chance.percent(20) ? UInt32(chance.draw(10...40)) : 8_640
        stampRate = chance.percent(15) ? 1 : 0
        authors = 2 + chance.index(5)
        writingInterval = chance.pick([400, 1_000, 3_000]) as UInt64 * (size == .long ? 8 : 1)
        hasRecords = chance.percent(25)
        isCramped = chance.percent(20)
        let floor: UInt64 = chance.pick([1, 5, 30, 100])
        latency = floor...(floor + chance.draw(0...(4 * floor)))
        dishonest = []
        faults = []
        let count = size == .long ? 6 + chance.index(20) : chance.index(size == .short ? 5 : 9)
        for index in 0..<count {
            var own = SeededChance(seed: seed, for: .fault, index)
            let start = own.below(duration)
            faults.append(
                Fault(
                    kind: own.pick(FaultKind.allCases),
                    start: start,
                    duration: min(duration - start, own.draw(1...40) * 1_000),
                    seed: own.next()
                )
            )
        }
        let visitors = chance.percent(40) ? 1 + chance.index(3) : 0
        for _ in 0..<visitors { dishonest.append(chance.pick(Behavior.first)) }
        var apart = SeededChance(seed: seed, for: .scenario, 1)
        if apart.percent(10) { dishonest.append(apart.pick(Behavior.later)) }
    }

    /// The scenario of a seed, made smaller.
    ///
    /// What is taken away changes nothing else: every fault keeps its own seed.
    public init(seed: UInt64, _ reduction: Reduction) {
        self.init(seed: seed)
        nodes = min(nodes, max(2, reduction.nodes ?? nodes))
        duration = min(duration, max(1_000, reduction.duration ?? duration))
        if let kept = reduction.faults { faults = kept.compactMap { faults[checked: $0] } }
        if let kept = reduction.dishonest {
            dishonest = kept.compactMap { dishonest[checked: $0] }
        }
        let end = duration
        faults = faults.filter { $0.start < end }.map { fault in
            Fault(
                kind: fault.kind,
                start: fault.start,
                duration: min(fault.duration, end - fault.start),
                seed: fault.seed
            )
        }
    }

    /// The parameters of the network.
    var parameters: NetworkParameters {
        var parameters = NetworkParameters.test
        parameters.blockInterval = blockInterval
        parameters.halfLife = 60 * blockInterval
        parameters.minimumSpacing = blockInterval / 10
        parameters.idleCap = 60 * blockInterval
        parameters.grace = 30 * blockInterval
        parameters.emergencyHalfLife = 6 * blockInterval
        parameters.targetLimitExponent = 255
        parameters.expiry = expiry
        parameters.stampRate = stampRate
        return parameters
    }

    /// The manners of its nodes.
    var policy: NodePolicy {
        var policy = NodePolicy()
        policy.isLocal = true
        policy.outboundRelayDelay = 20
        policy.inboundRelayDelay = 20
        policy.reconcileInterval = 3_000
        // Otherwise no chain is long enough to leave another far behind.
        if dishonest.contains(.lowWork) { policy.recentBlocks = 4 }
        if isCramped {
            policy.poolEntries = 24
            policy.poolBytes = 12_000
            policy.poolEntriesPerAuthor = 8
            policy.restoredAtOnce = 1_200
            policy.orphanBytes = 2_000
            policy.orphansPerPeer = 3
            policy.softBodyBytes = 1_200
            policy.wantedEntries = 64
            policy.rememberedLeaves = 50
            policy.knownPerPeer = 30
            policy.assemblies = 2
            policy.relayedBlocks = 1
            policy.blockWindow = 8
            policy.blocksPerPeer = 2
        }
        return policy
    }
}

extension Array {
    /// The element at a place, or nil where there is none.
    fileprivate subscript(checked place: Int) -> Element? {
        indices.contains(place) ? self[place] : nil
    }
}
