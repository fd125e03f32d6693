/// Something that a peer did which honest peers do too, though seldom; it is counted, not blamed.
public enum Incident: String, CaseIterable, Sendable {
    /// An entry was announced and not given in time.
    case undeliveredEntry
    /// An entry came before those that it follows.
    case orphanEntry
    /// An entry came for a place that another one has.
    case rivalEntry
    /// A header lies too far ahead of the clock.
    case futureHeader
    /// A chain has too little work for any of its headers to be kept, as far as its peer showed it.
    case lowWorkChain
    /// A pushed block could not be put together from its short ids.
    case failedPush
    /// A pushed block's missing entries did not come in time.
    case unfinishedPush
    /// A block came later than it was waited for, or not at all.
    case overdueBlock
    /// A block, or entries, came that nobody asked for, or not any more.
    case stray
}
