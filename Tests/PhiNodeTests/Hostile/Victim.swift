import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

/// A node between one honest peer and hostile ones, whom the test plays.
struct Victim {
    /// The honest peer's connection; the node called it.
    static let honestHandle: PeerHandle = 1_000_000

    var bench: TestBench
    var honest: HonestPeer

    /// A node that knows nothing yet, and an honest peer with a chain of so many blocks.
    init(
        blocks: Int = 40,
        on network: Network = TestBench.network,
        policy: NodePolicy = TestSwarm.policy
    ) throws {
        bench = try TestBench(on: network, policy: policy)
        honest = HonestPeer(Self.honestHandle, chain: Self.chain(of: blocks, on: network))
    }

    /// Blocks of one entry each, all in one meeting.
    static func chain(of count: Int, on network: Network = TestBench.network) -> TestChain {
        var chain = TestChain(on: network)
        var host = TestAuthor("host", on: network)
        let open = host.open()
        chain.append([open])
        for index in 1..<max(1, count) { chain.append([host.message("\(index)", in: open.id)]) }
        return chain
    }

    /// Lets the honest peer come, with the tip of its chain.
    mutating func meetHonestPeer() {
        bench.greet(honest.handle, as: "honest", isInbound: false, tip: honest.chain.tip)
        converse()
    }

    /// Lets the honest peer answer until nothing is asked any more.
    mutating func converse() {
        while let index = bench.sent.firstIndex(where: { $0.peer == honest.handle }) {
            let message = bench.sent.remove(at: index).message
            for answer in honest.answer(message) { bench.receive(answer, from: honest.handle) }
        }
    }

    /// Lets time pass, in which the honest peer answers.
    mutating func wait(_ milliseconds: UInt64) {
        var rest = milliseconds
        while rest > 0 {
            let step = min(rest, 1_000)
            bench.wait(step)
            converse()
            rest -= step
        }
    }

    /// Whether the node stands where the honest peer stands.
    var isSynced: Bool { bench.node.status.tip.hash == honest.chain.tip.hash }

    /// Lets time pass until the node stands where the honest peer stands.
    ///
    /// - Returns: The seconds that it took, or nil when the limit went by.
    mutating func recovers(within limit: Int = 120) -> Int? {
        converse()
        for second in 0...limit {
            if isSynced { return second }
            wait(1_000)
        }
        return nil
    }

    /// Has the honest peer find one more block and tell of it.
    mutating func honestBlock(_ entries: [Entry] = []) {
        let parent = honest.chain.tip
        let block = honest.chain.append(entries)
        bench.now = max(bench.now, block.header.header.time)
        bench.receive(TestBench.headers([block], after: parent), from: honest.handle)
        converse()
    }

    /// Lets a hostile peer come that says hello, with a tip.
    mutating func meet(_ peer: PeerHandle, isInbound: Bool = true, tip: TestBlock? = nil) {
        bench.greet(peer, isInbound: isInbound, tip: tip)
    }

    func misdeed(of peer: PeerHandle) -> Misbehavior? {
        guard case .misbehavior(let what) = bench.ended[peer] else { return nil }
        return what
    }
}
