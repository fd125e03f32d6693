import PhiCrypto
public import PhiLedger

extension Message {
    /// Reads the body of a frame.
    ///
    /// - Parameters:
    ///   - type: The type byte of the frame.
    ///   - body: All that follows the type byte.
    ///   - parameters: The network's numbers, which bound entries, headers and blocks.
    /// - Returns: The message, whose own encoding is `body` again.
    /// - Throws: The first rule that the body breaks.
    public static func decode(
        type: UInt8,
        body: [UInt8],
        parameters: NetworkParameters
    ) throws(WireFailure) -> Message {
        guard let type = MessageType(rawValue: type) else { throw .unknownType(type) }
        if type == .hello, let found = Hello.version(of: body), found != Hello.protocolVersion {
            throw .otherVersion(supported: Hello.protocolVersion, found: found)
        }
        guard body.count <= type.bodyLimit else {
            throw .bodyOverLimit(type: type, limit: type.bodyLimit, found: body.count)
        }
        do {
            var reader = ByteReader(body)
            let message = try read(type, from: &reader, parameters: parameters)
            try reader.finish()
            return message
        } catch {
            throw .decoding(type: type, error)
        }
    }

    private static func read(
        _ type: MessageType,
        from reader: inout ByteReader,
        parameters: NetworkParameters
    ) throws(DecodingFailure) -> Message {
        switch type {
        case .hello: .hello(try Hello(from: &reader))
        case .ping: .ping(try Ping(from: &reader))
        case .pong: .pong(nonce: try reader.integer("pong nonce"))
        case .record: .record(try NodeRecord(from: &reader, byteCount: reader.remaining))
        case .getPeers: .getPeers(maximum: try peerMaximum(from: &reader))
        case .peers: .peers(try records(from: &reader))
        case .getHeaders:
            .getHeaders(
                try DigestList.read(from: &reader, "locator", atMost: Limits.locatorHashes)
            )
        case .headers: .headers(try HeaderBatch(from: &reader, parameters: parameters))
        case .getBlocks:
            .getBlocks(try DigestList.read(from: &reader, "block", atMost: Limits.blocks))
        case .block: try block(from: &reader, limit: parameters.maximumBodyBytes)
        case .missingBlocks:
            .missingBlocks(try DigestList.read(from: &reader, "block", atMost: Limits.blocks))
        case .compactBlock:
            .compactBlock(try CompactBlock(from: &reader, parameters: parameters))
        case .getBlockEntries:
            try blockEntriesRequest(from: &reader, parameters: parameters)
        case .blockEntries: try blockEntries(from: &reader, parameters: parameters)
        case .relayMode: .relayMode(try RelayMode(from: &reader))
        case .inventory:
            .inventory(
                try DigestList.read(from: &reader, "leaf", atMost: Limits.announcedEntries)
            )
        case .getEntries:
            .getEntries(try DigestList.read(from: &reader, "leaf", atMost: Limits.entries))
        case .entries:
            .entries(try entries(from: &reader, payloadLimit: parameters.maximumPayloadBytes))
        case .missingEntries:
            .missingEntries(try DigestList.read(from: &reader, "leaf", atMost: Limits.entries))
        case .sketch: .sketch(try Sketch(from: &reader))
        case .buckets: .buckets(try BucketListing(from: &reader))
        }
    }

    private static func peerMaximum(
        from reader: inout ByteReader
    ) throws(DecodingFailure) -> UInt8 {
        let maximum = try reader.integer("peer maximum", atMost: Limits.peers)
        guard maximum > 0 else {
            throw .underLimit(field: "peer maximum", limit: 1, found: 0)
        }
        return maximum
    }

    private static func records(
        from reader: inout ByteReader
    ) throws(DecodingFailure) -> [NodeRecord] {
        let count = try reader.integer("record count", atMost: Limits.peers)
        var records: [NodeRecord] = []
        for _ in 0..<count {
            let length = try reader.integer(
                "record length",
                atMost: UInt16(NodeRecord.maximumByteCount)
            )
            records.append(try NodeRecord(from: &reader, byteCount: Int(length)))
        }
        return records
    }

    private static func block(
        from reader: inout ByteReader,
        limit: UInt32
    ) throws(DecodingFailure) -> Message {
        let hash: Digest = try reader.fixed("block hash")
        guard reader.remaining <= Int(limit) else {
            throw .overLimit(
                field: "block body",
                limit: UInt64(limit),
                found: UInt64(reader.remaining)
            )
        }
        return .block(hash: hash, body: try reader.take(reader.remaining, "block body"))
    }

    private static func entries(
        from reader: inout ByteReader,
        payloadLimit: UInt32
    ) throws(DecodingFailure) -> [Entry] {
        let count = try reader.integer("entry count", atMost: Limits.entries)
        guard count > 0 else {
            throw .underLimit(field: "entry count", limit: 1, found: 0)
        }
        var entries: [Entry] = []
        for _ in 0..<count {
            entries.append(try Entry(from: &reader, payloadLimit: payloadLimit))
        }
        return entries
    }
}
