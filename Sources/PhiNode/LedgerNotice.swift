public import PhiConsensus
public import PhiLedger

/// Something that happened to the chain or the pool, for those who follow live.
public enum LedgerNotice: Equatable, Sendable {
    /// A block became the tip.
    case connected(ValidHeader, [ValidEntry])
    /// The tip was taken back; its entries return to the pool.
    case disconnected(ValidHeader, [Entry])
    /// An entry came into the pool.
    case pooled(PooledEntry)
    /// An entry left the pool without being recorded.
    case dropped(PooledEntry, DropReason)
}

/// Why an entry left the pool without being recorded.
public enum DropReason: String, CaseIterable, Sendable {
    /// Its window passed before a block took it.
    case expired
    /// Denser entries took its place.
    case evicted
    /// A version with a heavier stamp took its place.
    case replaced
    /// The chain went another way, and the entry has no place any more.
    case refused
}
