import PhiCrypto
public import PhiLedger

/// The facts that a store must agree with before anything else is read.
public enum StoreFormat {
    /// The network whose chain a store holds; its name and prefix are not kept.
    public static func network(of store: some KeyValueReader) throws(StoreFailure) -> Network {
        guard let stored = try store.value(for: Schema.key(of: .network)),
            stored.count == Header.byteCount + NetworkParameters.byteCount,
            let genesis = try? Header(decoding: Array(stored.prefix(Header.byteCount))),
            let parameters = try? NetworkParameters(
                decoding: Array(stored.dropFirst(Header.byteCount))
            ),
            let network = try? Network(
                name: "stored",
                prefix: "phi",
                parameters: parameters,
                genesis: genesis
            )
        else { throw .malformedRecord(kind: "network") }
        return network
    }

    /// Prepares an empty store for a network, or checks that a used one belongs to it.
    ///
    /// - Throws: `newerFormat` or `otherNetwork`; then nothing was touched.
    public static func prepare(
        _ store: some KeyValueStore,
        network: Network
    ) throws(StoreFailure) {
        let identity = network.genesis.encoded + network.parameters.encoded
        guard let bytes = try store.value(for: Schema.key(of: .version)) else {
            var batch = WriteBatch()
            var version: [UInt8] = []
            version.append(bigEndian: Schema.currentVersion)
            batch.put(version, for: Schema.key(of: .version))
            batch.put(identity, for: Schema.key(of: .network))
            return try store.commit(batch, durable: true)
        }
        guard bytes.count == 4 else { throw .malformedRecord(kind: "version") }
        let found = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard found == Schema.currentVersion else {
            throw .newerFormat(found: found, supported: Schema.currentVersion)
        }
        guard let stored = try store.value(for: Schema.key(of: .network)) else {
            throw .malformedRecord(kind: "network")
        }
        guard stored == identity else {
            let header = try? Header(decoding: Array(stored.prefix(Header.byteCount)))
            throw .otherNetwork(
                found: header?.hash.hex ?? "unreadable",
                expected: network.chain.hex
            )
        }
    }
}
