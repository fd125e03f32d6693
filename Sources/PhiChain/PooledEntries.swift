public import PhiConsensus
public import PhiCrypto
public import PhiLedger

/// The entries of the pool that were promised to a sender, as the store keeps them.
public struct PooledEntries<Reader: KeyValueReader>: Sendable {
    private let reader: Reader
    private let network: Network

    /// The promised entries of a store.
    public init(_ reader: Reader, network: Network) {
        self.reader = reader
        self.network = network
    }

    /// The names of all promised entries, in the order of their arrival.
    public func ids() throws(StoreFailure) -> [Digest] {
        var found: [(arrival: UInt64, id: Digest)] = []
        var isMalformed = false
        try reader.scanFronts(
            from: Schema.pooled.key(),
            to: Schema.pooled.end,
            byteCount: 8
        ) { key, front in
            guard key.count == 33, front.count == 8 else {
                isMalformed = true
                return false
            }
            found.append((front.littleEndianInteger(at: 0), Digest(reading: key, at: 1)))
            return true
        }
        guard !isMalformed else { throw Self.malformed }
        return found.sorted { $0.arrival < $1.arrival }.map(\.id)
    }

    /// All promised entries, in the order of their arrival.
    public func all() throws(StoreFailure) -> [Entry] {
        var found: [Entry] = []
        for id in try ids() {
            if let entry = try entry(id) { found.append(entry) }
        }
        return found
    }

    /// A promised entry by its name, or nil where there is no such promise.
    public func entry(_ id: Digest) throws(StoreFailure) -> Entry? {
        guard let value = try reader.value(for: Schema.key(.pooled, id)) else { return nil }
        let limit = network.parameters.maximumPayloadBytes
        guard value.count > 8,
            let entry = try? Entry(decoding: Array(value[8...]), payloadLimit: limit)
        else { throw Self.malformed }
        return entry
    }

    private static var malformed: StoreFailure { .malformedRecord(kind: "pooled entry") }
}

extension WriteBatch {
    /// Keeps an entry of the pool over a restart.
    public mutating func promise(_ valid: ValidEntry, arrival: UInt64) {
        var value: [UInt8] = []
        value.append(littleEndian: arrival)
        put(value + valid.entry.bytes, for: Schema.key(.pooled, valid.id))
    }

    /// Forgets an entry that was recorded or dropped.
    public mutating func forgetPromise(_ id: Digest) {
        delete(Schema.key(.pooled, id))
    }
}
