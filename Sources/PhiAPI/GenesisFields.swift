import PhiCrypto
import PhiLedger

/// The fields of a genesis file, read one by one and not judged yet.
struct GenesisFields {
    let name: String
    let prefix: String
    let chain: Digest
    let parameters: NetworkParameters
    let header: Header
    let seeds: [String]

    init(_ fields: DocumentFields) throws(DocumentFailure) {
        try fields.refuseOthers(
            than: ["version", "name", "prefix", "chain", "parameters", "header", "seeds"]
        )
        name = try fields.string("name")
        prefix = try fields.string("prefix")
        chain = try fields.fixed("chain")
        parameters = try NetworkParameters(try fields.object("parameters"))
        header = try Header(genesis: try fields.object("header"))
        seeds = try fields.strings("seeds")
    }
}

extension NetworkParameters {
    private typealias Number = WritableKeyPath<NetworkParameters, UInt32> & Sendable

    /// The names of the file, which are those of the canonical encoding, in its order.
    private static let numbers: [(name: String, path: any Number)] = [
        ("interval", \.blockInterval), ("half_life", \.halfLife),
        ("min_spacing", \.minimumSpacing), ("idle_cap", \.idleCap), ("grace", \.grace),
        ("emergency_half_life", \.emergencyHalfLife), ("future_limit", \.futureLimit),
        ("expiry", \.expiry), ("max_body", \.maximumBodyBytes),
        ("max_entries", \.maximumEntries), ("max_payload", \.maximumPayloadBytes),
        ("stamp_rate", \.stampRate), ("stamp_base", \.stampBase),
        ("undo_window", \.undoWindow), ("create_policy", \.createPolicy),
    ]

    init(_ fields: DocumentFields) throws(DocumentFailure) {
        try fields.refuseOthers(than: Self.numbers.map(\.name) + ["pow_limit_log2", "retarget"])
        self = .main
        for (name, path) in Self.numbers { self[keyPath: path] = try fields.integer(name) }
        targetLimitExponent = try fields.integer("pow_limit_log2")
        retargets = try fields.bool("retarget")
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, path) in Self.numbers.prefix(7) { writer.member(name, self[keyPath: path]) }
        writer.member("pow_limit_log2", targetLimitExponent)
        writer.member("retarget", retargets)
        for (name, path) in Self.numbers.dropFirst(7) { writer.member(name, self[keyPath: path]) }
        writer.endObject()
    }
}

extension Header {
    init(genesis fields: DocumentFields) throws(DocumentFailure) {
        try fields.refuseOthers(
            than: [
                "height", "entry_count", "body_bytes", "prev", "entries_root", "history_root",
                "chain_work", "time", "idle", "bits", "nonce",
            ]
        )
        self.init(
            height: try fields.height("height"),
            entryCount: try fields.integer("entry_count"),
            bodyBytes: try fields.integer("body_bytes"),
            previous: try fields.fixed("prev"),
            entriesRoot: try fields.fixed("entries_root"),
            historyRoot: try fields.fixed("history_root"),
            chainWork: try fields.work("chain_work"),
            time: try fields.time("time"),
            idle: try fields.integer("idle"),
            bits: UInt32(try fields.hexadecimal("bits", digits: 8)),
            nonce: try fields.hexadecimal("nonce", digits: 16)
        )
    }

    func writeGenesis(to writer: inout JSONWriter) {
        var compact: [UInt8] = []
        compact.append(bigEndian: bits)
        writer.beginObject()
        writer.member("height", height)
        writer.member("entry_count", entryCount)
        writer.member("body_bytes", bodyBytes)
        writer.member("prev", previous)
        writer.member("entries_root", entriesRoot)
        writer.member("history_root", historyRoot)
        writer.member("chain_work", chainWork)
        writer.member("time", time)
        writer.member("idle", idle)
        writer.name("bits")
        writer.hexadecimal(compact)
        writer.member("nonce", digits: nonce)
        writer.endObject()
    }
}

extension GenesisDocument {
    /// The file's text, with lines broken.
    public var serialized: [UInt8] {
        var writer = JSONWriter(pretty: true, capacity: 2_048)
        writer.beginObject()
        writer.member("version", Self.version)
        writer.member("name", network.name)
        writer.member("prefix", network.prefix)
        writer.member("chain", network.chain)
        writer.name("parameters")
        network.parameters.write(to: &writer)
        writer.name("header")
        network.genesis.writeGenesis(to: &writer)
        writer.member("seeds", seeds)
        writer.endObject()
        return writer.bytes + [0x0a]
    }
}
