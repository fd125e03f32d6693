/// What a peer does that keeps to no rule; the numbers are those of the forty behaviors.
public enum Behavior: String, CaseIterable, Sendable {
    /// 1, 3: says nothing that anybody understands, or says too much of it.
    case garbage
    /// 2: belongs to another chain.
    case wrongChain = "wrong-chain"
    /// 4, 5: claims the best tip and falls silent.
    case silent
    /// 6: asks for whatever there is, and reads nothing of it.
    case neverReads = "never-reads"
    /// 7: greets twice.
    case helloTwice = "hello-twice"
    /// 8: pings and pings.
    case pingFlood = "ping-flood"
    /// 9: sends messages of unknown types.
    case unknownFlood = "unknown-flood"
    /// 10, 11: tells of nodes that are not there.
    case addressFlood = "address-flood"
    /// 12: announces entries that do not exist.
    case inventoryFlood = "inventory-flood"
    /// 13: announces entries and keeps them.
    case neverDelivers = "never-delivers"
    /// 14: sends entries that nobody asked for.
    case unaskedEntries = "unasked-entries"
    /// 15, 17 to 20: sends entries whose signature, key or stamp is wrong.
    case forgedEntries = "forged-entries"
    /// 16: gives one entry with many right stamps, to each node another first.
    case manyStamps = "many-stamps"
    /// 21: sends entries that follow others which nobody has.
    case orphanEntries = "orphan-entries"
    /// 22: signs two entries for one place, and gives each to other nodes.
    case equivocation
    /// 23, 26, 27: sends headers without proof of work.
    case noWork = "no-work"
    /// 24: sends headers that do not follow one another.
    case gaps
    /// 25: claims more work than there is, and shows a branch from the first block with little.
    case lowWork = "low-work"
    /// 28: sends headers of the future.
    case future
    /// 29: sends headers that were mined at the time of their parents.
    case parentTime = "parent-time"
    /// 31: shows the best chain, and serves no bodies.
    case neverServes = "never-serves"
    /// 32: serves bodies slowly.
    case slowBodies = "slow-bodies"
    /// 33: serves bodies that are not those of their headers.
    case mutatedBodies = "mutated-bodies"
    /// 34: mines headers that lie about the length of their bodies.
    case lengthLies = "length-lies"
    /// 35: mines blocks in which an entry breaks a rule.
    case brokenRule = "broken-rule"
    /// 36, 37: pushes blocks that cannot be put together, and keeps their entries.
    case badPush = "bad-push"
    /// 38: shows two equal tips in turns.
    case equalTips = "equal-tips"
    /// 39: withholds a branch and shows it later.
    case selfish
    /// 40: surrounds one node with peers that know nothing of late.
    case eclipse

    /// Those that came later and are drawn apart, so that older seeds still mean what they did.
    static let later: [Behavior] = [.neverReads, .manyStamps, .lowWork, .parentTime]
    /// Those that were there first.
    static let first = allCases.filter { !later.contains($0) }
}
