/// One thing that goes wrong for a while.
public struct Fault: Hashable, Sendable {
    /// What goes wrong.
    public let kind: FaultKind
    /// Milliseconds from the start of the run to the start of the fault.
    public let start: UInt64
    /// Milliseconds that it lasts; nothing for what happens in one moment.
    public let duration: UInt64
    /// Fixes whom it strikes and how hard.
    public let seed: UInt64

    /// A fault with every field given.
    public init(kind: FaultKind, start: UInt64, duration: UInt64, seed: UInt64) {
        self.kind = kind
        self.start = start
        self.duration = duration
        self.seed = seed
    }

    /// When it is over.
    var end: UInt64 { start + duration }
}

/// What can go wrong.
public enum FaultKind: String, CaseIterable, Sendable {
    /// The nodes fall into two parts between which nothing goes.
    case partition
    /// The nodes fall into two parts with one node between them.
    case bridge
    /// Nothing goes from one part to the other, though it goes back.
    case oneWay = "one-way"
    /// Connections get stuck one after another, and come loose in another order.
    case clog
    /// Connections break.
    case breaks
    /// Segments get lost, so that what follows waits for them to be sent again.
    case loss
    /// Messages take long, each another time.
    case delay
    /// Links are made twice, so that the same things come twice and in another order.
    case duplicate
    /// A clock is wrong.
    case skew
    /// A clock jumps, forward and back again.
    case jumps
    /// All find blocks a hundred times faster.
    case hashRateUp = "hash-rate-up"
    /// All find blocks a hundred times more slowly.
    case hashRateDown = "hash-rate-down"
    /// Nobody finds blocks.
    case noHashRate = "no-hash-rate"
    /// One node finds blocks a hundred times faster than all others.
    case hashGiant = "hash-giant"
    /// A program ends between two writes, or while it idles, and starts again.
    case crash
    /// A machine loses power between two writes, with what was not flushed.
    case powerLoss = "power-loss"
    /// Programs end again and again, at every write in turn.
    case crashLoop = "crash-loop"
    /// A disk has lost power although it had said that bytes were safe.
    case lostFlush = "lost-flush"
    /// A disk finds damaged blocks.
    case damagedReads = "damaged-reads"
    /// A disk is full.
    case fullDisk = "full-disk"
    /// A disk takes long to flush.
    case slowDisk = "slow-disk"
    /// A machine is so busy that judging takes long.
    case slowJudge = "slow-judge"
    /// A program is stopped, and goes on later as if nothing had been.
    case pause
}
