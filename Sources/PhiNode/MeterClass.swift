/// What a peer sends of its own accord, by what it costs.
///
/// What was asked for is bounded by what was reserved for it and belongs to no class.
public enum MeterClass: String, CaseIterable, Sendable {
    /// Signs of life, and answers to none.
    case pings
    /// Node records, one by one.
    case records
    /// Requests for node records.
    case recordQueries
    /// Headers that were not asked for, one by one.
    case headers
    /// Requests for headers.
    case headerQueries
    /// Bytes of the bodies that are read for a peer.
    case blockQueries
    /// Compact blocks that were pushed.
    case compactBlocks
    /// Leaf hashes that are announced, one by one.
    case inventories
    /// Entries that a peer asks for, one by one.
    case entryQueries
    /// Sketches of a pool.
    case sketches
    /// Changes of what a peer wants to be told.
    case relayModes
    /// Bytes of blocks and entries that were not asked for, or not any more.
    case strays
    /// Messages of unknown types.
    case unknown

    /// Whether the messages bring something to the peer that sends them.
    ///
    /// Who asks for much is served slowly and stays; all others are parted from in the end.
    var isService: Bool {
        switch self {
        case .headerQueries, .blockQueries, .entryQueries: true
        case .pings, .records, .recordQueries, .headers, .compactBlocks, .inventories, .sketches,
            .relayModes, .strays, .unknown:
            false
        }
    }
}

/// The rates of one peer, far above what any honest peer sends.
public struct MeterRates: Hashable, Sendable {
    /// Honest peers send one in 20 s.
    public var pings = MeterRate(perSecond: 2, burst: 120)
    /// An answer has 32; each costs a signature's check.
    public var records = MeterRate(perSecond: 4, burst: 1_000)
    /// Honest peers ask once in 20 s at most.
    public var recordQueries = MeterRate(perSecond: 1, burst: 60)
    /// A new tip comes with 16 at most.
    public var headers = MeterRate(perSecond: 500, burst: 20_000)
    /// Each reads up to 2,048 headers; the burst reaches back eight million of them.
    public var headerQueries = MeterRate(perSecond: 20, burst: 4_096)
    /// More than any node can judge, unless the payloads are long.
    public var blockQueries = MeterRate(perSecond: 64 << 20, burst: 256 << 20)
    /// Blocks come one in a second at the most.
    public var compactBlocks = MeterRate(perSecond: 4, burst: 256)
    /// A whole pool may be announced twice at once.
    public var inventories = MeterRate(perSecond: 10_000, burst: 100_000)
    /// A whole pool may be asked for twice at once.
    public var entryQueries = MeterRate(perSecond: 20_000, burst: 100_000)
    /// Honest peers send one in each interval of reconciliation.
    public var sketches = MeterRate(perSecond: 2, burst: 60)
    /// Honest peers change their mind when they choose whom to hear blocks from.
    public var relayModes = MeterRate(perSecond: 1, burst: 60)
    /// Answers that came too late, on a node or a line that is too slow for them.
    public var strays = MeterRate(perSecond: 16 << 20, burst: 64 << 20)
    /// A newer version may have messages that go with each block or entry.
    public var unknown = MeterRate(perSecond: 200, burst: 2_000)

    /// The rates of the design's pages, and generous ones where they give none.
    public init() {}

    /// The rate of a class.
    public subscript(_ kind: MeterClass) -> MeterRate {
        switch kind {
        case .pings: pings
        case .records: records
        case .recordQueries: recordQueries
        case .headers: headers
        case .headerQueries: headerQueries
        case .blockQueries: blockQueries
        case .compactBlocks: compactBlocks
        case .inventories: inventories
        case .entryQueries: entryQueries
        case .sketches: sketches
        case .relayModes: relayModes
        case .strays: strays
        case .unknown: unknown
        }
    }
}
