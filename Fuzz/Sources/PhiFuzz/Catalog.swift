#if canImport(Glibc)
    import Glibc
#endif

/// Every target, and the one that this run is about.
enum Catalog {
    /// All targets, in the order of `docs/robustness.md`.
    static let all: [FuzzTarget] = [
        .envelope, .payload, .body, .compactHeader, .headerSequence, .compactBlock, .messages,
        .framing, .handshake, .receipts, .compactBits, .scale, .arithmetic, .merkleProofs,
        .mempool, .chainState, .records, .rpc, .texts, .snapshots,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let wanted: String? = {
        guard let text = unsafe getenv("PHI_FUZZ_TARGET") else { return nil }
        return unsafe String(cString: text)
    }()

    /// Whether the environment names a target.
    static var isChosen: Bool { wanted.flatMap(named) != nil }

    /// The target that the environment names.
    static let chosen: FuzzTarget = wanted.flatMap(named) ?? all[0]

    /// The target of a name.
    static func named(_ name: String) -> FuzzTarget? { byName[name] }
}
