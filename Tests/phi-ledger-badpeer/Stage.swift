import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiTransport
import Synchronization

/// What all connections of one run share.
final class Stage: Sendable {
    let network: Network
    let rules: HeaderRules
    /// Where the node listens, or nil where it has to call.
    let target: PeerAddress?
    /// The address of this machine to call from.
    let source: String?
    let seed: UInt64
    let end: ContinuousClock.Instant
    let tally = Tally()
    let scout: Scout
    private let nextIndex = Atomic<Int>(0)
    private let listening = Mutex<PeerAddress?>(nil)

    init(
        network: Network,
        target: PeerAddress?,
        source: String?,
        seed: UInt64,
        duration: Duration
    ) throws {
        self.network = network
        rules = HeaderRules(network)
        self.target = target
        self.source = source
        self.seed = seed
        end = ContinuousClock.now + duration
        scout = Scout(network: network, target: target)
    }

    /// Where this program listens, if it does.
    var ownAddress: PeerAddress? {
        get { listening.withLock { $0 } }
        set { listening.withLock { $0 = newValue } }
    }

    /// The number of the next connection, from 0 on.
    func index() -> Int { nextIndex.add(1, ordering: .relaxed).oldValue }

    /// Chance that belongs to one connection.
    func chance(_ index: Int) -> SeededRandom {
        SeededRandom(seed: seed &* 1_000_003 &+ UInt64(truncatingIfNeeded: index))
    }
}
