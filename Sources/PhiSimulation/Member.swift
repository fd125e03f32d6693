import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

/// One machine with a real node, its disk and what went wrong with it.
struct Member {
    /// A crash that waits for its moment.
    struct CrashPlan {
        /// Batches to be written before it strikes.
        var writes: Int
        /// Whether the batch at which it strikes is written before.
        var isAfterWrite: Bool
        /// Whether the machine loses power, or only the program ends.
        var losesPower: Bool
        /// Milliseconds until the program starts again.
        var rest: UInt64
    }

    let key: SimulatedKey
    let address: PeerAddress
    let policy: NodePolicy
    let disk: SimulatedDisk
    /// The share of all hashes that it finds, in parts of the sum of all weights.
    let weight: UInt64
    /// Nil while the program is down.
    var node: Node<SimulatedDisk>?
    /// Counts the starts of the program.
    var incarnation = 0
    /// Whether the machine has power: then it refuses calls while its program is down.
    var hasPower = true
    /// Milliseconds that its clock is ahead.
    var skew: Int64 = 0
    /// Links with an open end here.
    var links: Set<UInt64> = []
    /// Peers that its operator named.
    var named: [Int] = []
    /// Whether it is in the middle of carrying out effects, or stopped.
    var isBusy = false
    /// What came meanwhile.
    var inbox: [Event] = []
    /// Answers of judges and steps on the way that the node waits for.
    var pending = 0
    /// Milliseconds that a flush takes.
    var flushDelay: ClosedRange<UInt64> = 0...0
    /// Milliseconds that judging takes.
    var judging: ClosedRange<UInt64> = 0...3
    var crash: CrashPlan?
    var haltReason: HaltReason?
    /// Whether something was done to it that explains a halt.
    var mayHalt = false
    /// Whether its disk lied, so that it may have lost what it promised.
    var mayForget = false

    /// What its clock shows.
    func clock(_ now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: UInt64(max(0, Int64(now.milliseconds) + skew)))
    }
}
