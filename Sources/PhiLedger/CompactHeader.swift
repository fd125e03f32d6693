public import PhiCrypto

/// What a header says that its parent does not already fix: 11 to 12 bytes for an empty block.
///
/// Everything else is computed, so a compact header cannot lie about height, work, idle time,
/// difficulty or history; only its proof of work can fail.
public struct CompactHeader: Hashable, Sendable {
    /// What the header commits to when its body is not empty.
    public struct Body: Hashable, Sendable {
        /// How many entries the body has, 1 at least.
        public let entryCount: UInt32
        /// Bytes of the body.
        public let byteCount: UInt32
        /// The root over the body's envelopes.
        public let root: Digest
    }

    /// Bytes of the shortest encoding: flags, a time of one byte, nonce.
    public static let minimumByteCount = 10

    private static let hasEntries: UInt8 = 1

    /// Milliseconds after the earliest time that the parent allows.
    public let delay: UInt64
    /// The miner's nonce.
    public let nonce: UInt64
    /// The body's figures; nil when there are no entries.
    public let body: Body?

    /// The compact form of a header, or nil when it is earlier than its parent allows.
    public init?(_ header: Header, after parent: Timestamp, minimumSpacing: UInt32) {
        let earliest = parent.adding(milliseconds: UInt64(minimumSpacing))
        guard header.time >= earliest else { return nil }
        delay = header.time.since(earliest)
        nonce = header.nonce
        body =
            header.entryCount == 0
            ? nil
            : Body(
                entryCount: header.entryCount,
                byteCount: header.bodyBytes,
                root: header.entriesRoot
            )
    }

    /// Takes a compact header off a reader.
    public init(
        from reader: inout ByteReader,
        parameters: NetworkParameters
    ) throws(DecodingFailure) {
        let flags = try reader.integer("header flags", as: UInt8.self)
        guard flags & ~Self.hasEntries == 0 else {
            throw .unknown(field: "header flags", found: UInt64(flags))
        }
        delay = try reader.varint("time", atMost: 1 << 48)
        nonce = try reader.integer("nonce")
        guard flags & Self.hasEntries != 0 else {
            body = nil
            return
        }
        let count = try reader.varint("entry_count", atMost: UInt64(parameters.maximumEntries))
        guard count > 0 else { throw .notCanonical(field: "entry_count") }
        let bytes = try reader.varint("body_bytes", atMost: UInt64(parameters.maximumBodyBytes))
        body = Body(
            entryCount: UInt32(count),
            byteCount: UInt32(bytes),
            root: try reader.fixed("entries_root")
        )
    }

    /// Appends flags, time, nonce and the body's figures.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(body == nil ? 0 : Self.hasEntries)
        bytes.append(varint: delay)
        bytes.append(littleEndian: nonce)
        guard let body else { return }
        bytes.append(varint: UInt64(body.entryCount))
        bytes.append(varint: UInt64(body.byteCount))
        body.root.append(to: &bytes)
    }
}
