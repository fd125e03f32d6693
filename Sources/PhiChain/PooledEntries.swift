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

    /// All promised entries, in the order of their arrival.
    public func all() throws(StoreFailure) -> [Entry] {
        var found: [(arrival: UInt64, entry: Entry)] = []
        var isMalformed = false
        let limit = network.parameters.maximumPayloadBytes
        try reader.scan(
            from: Schema.pooled.key(),
            to: Schema.pooled.end,
            backwards: false
        ) { _, value in
            guard value.count > 8,
                let entry = try? Entry(decoding: Array(value[8...]), payloadLimit: limit)
            else {
                isMalformed = true
                return false
            }
            found.append((value.littleEndianInteger(at: 0), entry))
            return true
        }
        guard !isMalformed else { throw .malformedRecord(kind: "pooled entry") }
        return found.sorted { $0.arrival < $1.arrival }.map(\.entry)
    }
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
