public import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
public import PhiNode
import PhiWire

/// Real nodes in one thread, whose time, network, disks and chance are all made up from one seed.
public struct World {
    /// Things to come.
    enum Item {
        /// News for a node.
        case event(member: Int, incarnation: Int, Event)
        /// The rest of what a node wants, once its disk has flushed.
        case rest(member: Int, incarnation: Int, ArraySlice<Effect>)
        /// A frame reaches the end of a connection.
        case arrival(link: UInt64, end: Int, Link.Frame)
        /// A paused connection is read again.
        case reading(link: UInt64, end: Int)
        /// It is time to look whether a connection is silent.
        case silence(link: UInt64, end: Int)
        /// A node may find a block.
        case mine(member: Int, generation: Int)
        /// Somebody writes an entry.
        case write
        /// A fault begins or ends, or goes on.
        case fault(index: Int, phase: Int)
        /// A program starts.
        case start(member: Int, incarnation: Int)
        /// A dishonest peer may do something.
        case mischief(Int)
    }

    /// What the world is made from.
    public let scenario: Scenario
    let network: Network
    let began: Timestamp
    var now: Timestamp
    var queue = EventQueue<Item>()
    var members: [Member] = []
    var strangers: [Stranger] = []
    var links: [UInt64: Link] = [:]
    var nextLink: UInt64 = 1
    /// Who called whom, of all connections that ever were.
    var callers: [(caller: Int, called: Int)] = [(0, 0)]
    /// How many causes keep frames from going from one party to another.
    var blocks: [Int]
    var weather = Weather()
    var networkChance: SeededChance
    var miningChance: SeededChance
    var judgingChance: SeededChance
    var miners = MiningRate()
    var writers: Writers
    var isWriting = true
    var nextToken: RequestToken = 1 << 32
    var judged: [Entry: Result<ValidEntry, EntryViolation>] = [:]
    var checker: Checker
    var trace = Fingerprint()
    /// What happened, in numbers.
    public internal(set) var tally = Tally()
    let hooks: Hooks

    /// Makes the nodes of a scenario, all of them down.
    ///
    /// - Parameters:
    ///   - scenario: What is to happen.
    ///   - hooks: What a test puts in the place of parts of the world.
    public init(_ scenario: Scenario, hooks: Hooks = Hooks()) {
        self.scenario = scenario
        network = SimulatedNetwork.make(scenario.parameters)
        began = network.genesis.time.adding(milliseconds: 400_000)
        now = began
        networkChance = SeededChance(seed: scenario.seed, for: .network)
        miningChance = SeededChance(seed: scenario.seed, for: .mining)
        judgingChance = SeededChance(seed: scenario.seed, for: .judging)
        writers = Writers(scenario, on: network)
        checker = Checker(network, hooks: hooks)
        self.hooks = hooks
        let parties = scenario.nodes + scenario.dishonest.count
        blocks = Array(repeating: 0, count: parties * parties)
        weather.latency = scenario.latency
        for index in 0..<scenario.nodes {
            var chance = SeededChance(seed: scenario.seed, for: .node, index)
            let disk = SimulatedDisk(seed: Self.diskSeed(scenario, index))
            do { try StoreFormat.prepare(disk, network: network) } catch {
                preconditionFailure("an empty disk can be prepared: \(error)")
            }
            members.append(
                Member(
                    key: SimulatedKey("node \(index)"),
                    address: PeerAddress(version4: 0x0a00_0001 + UInt32(index) << 16, port: 7_181),
                    policy: scenario.policy,
                    disk: disk,
                    weight: 1 + chance.below(4)
                )
            )
        }
        for (index, behavior) in scenario.dishonest.enumerated() {
            strangers.append(Stranger(behavior, index: index, in: scenario, network: network))
        }
        checker.prepare(members: members.count, at: began)
        introduce()
    }

    /// Makes sure that every node is named to another, so that the network hangs together.
    private mutating func introduce() {
        var chance = SeededChance(seed: scenario.seed, for: .network, 1)
        for index in members.indices.dropFirst() {
            members[index].named.append(chance.index(index))
            for other in 0..<index where chance.percent(40) {
                if !members[index].named.contains(other) { members[index].named.append(other) }
            }
        }
    }

    /// Milliseconds that have passed.
    public var elapsed: UInt64 { now.since(began) }

    /// The first rule that was broken, if one was.
    public var violation: Violation? { checker.violation }

    /// A digest of everything that happened so far.
    public var digest: Fingerprint { trace }
}

/// How badly the network behaves at the moment.
struct Weather {
    /// Milliseconds that a message takes.
    var latency: ClosedRange<UInt64> = 5...40
    /// Milliseconds more that each message takes at most.
    var delay: UInt64 = 0
    /// Messages of a hundred of which a segment is lost.
    var loss: UInt64 = 0
}

/// How fast blocks are found.
struct MiningRate {
    /// What all hash rates are multiplied by.
    var factor: UInt64 = 1
    /// What they are divided by.
    var divisor: UInt64 = 1
    /// Whether anybody searches at all.
    var isOn = true
    /// The node that is a hundred times faster than the others.
    var giant: Int?
    /// Counts the changes; what was planned before is void.
    var generation = 0
}

/// What a test puts in the place of parts of the world, to see that its checks can fail.
public struct Hooks: Sendable {
    /// What a member's disk makes of a batch.
    public var flaw: (@Sendable (_ member: Int, _ batch: WriteBatch) -> WriteBatch)?
    /// What becomes of a node's wishes.
    public var tamper: (@Sendable (_ member: Int, _ effects: [Effect]) -> [Effect])?
    /// Whether disks lose what was not flushed when a program ends, as none does.
    public var forgetsAtExit = false
    /// Whether disks flush when they are told to.
    public var flushes = true
    /// What a node says of its memory.
    public var memory: (@Sendable (MemoryUse) -> MemoryUse)?
    /// Hears a line about each thing that happens to a node.
    public var narrate: (@Sendable (_ line: String) -> Void)?
    /// The rules that are checked.
    public var checks = Set(Invariant.allCases)

    /// Nothing is put in any place.
    public init() {}
}
