import PhiCrypto
import PhiLedger
import PhiWire

/// What a node remembers of one connection for passing on blocks and entries.
struct PeerRelay: Sendable {
    /// What the peer wants to be sent unasked; nil until it says something.
    var mode: RelayMode?
    /// When a block that the peer pushed was last put together.
    var gaveBlockAt = Timestamp.zero
    /// The block that the peer was pushed last.
    var told: Digest?
    /// The last block of the peer that could not be put together from what it pushed and gave.
    var failed: Digest?
    /// The entries that the peer was told of last and has not fetched here.
    var offers = RecentOffers()
    /// The blocks that the peer pushed last.
    private var pushed: [Digest] = []

    /// Pushed blocks that are remembered: more than can be followed beside each other.
    private static var rememberedPushes: Int { 4 }

    /// Remembers that the peer pushed a block, and says whether it had not before.
    mutating func pushes(_ block: Digest) -> Bool {
        guard !pushed.contains(block) else { return false }
        if pushed.count == Self.rememberedPushes { pushed.removeFirst() }
        pushed.append(block)
        return true
    }

    /// Whether the peer wants neither entries nor node records.
    var isQuiet: Bool { mode?.contains(.quiet) ?? false }

    /// Whether blocks are pushed to the peer: those that we called need not ask for it.
    func wantsPush(isInbound: Bool) -> Bool { mode?.contains(.push) ?? !isInbound }
}
