import PhiCrypto
import PhiLedger

/// The request for entries of one block, and its answer.
extension Message {
    static func blockEntriesRequest(
        from reader: inout ByteReader,
        parameters: NetworkParameters
    ) throws(DecodingFailure) -> Message {
        let block: Digest = try reader.fixed("block hash")
        let count = try blockEntryCount(from: &reader, parameters: parameters)
        var indexes: [UInt16] = []
        for _ in 0..<count {
            indexes.append(
                try BlockIndex.read(
                    from: &reader,
                    after: indexes.last,
                    below: parameters.maximumEntries
                )
            )
        }
        return .getBlockEntries(block: block, indexes: indexes)
    }

    static func appendRequest(block: Digest, indexes: [UInt16], to bytes: inout [UInt8]) {
        block.append(to: &bytes)
        bytes.append(littleEndian: UInt16(indexes.count))
        var previous: UInt16?
        for index in indexes {
            BlockIndex.append(index, to: &bytes, after: previous)
            previous = index
        }
    }

    static func blockEntries(
        from reader: inout ByteReader,
        parameters: NetworkParameters
    ) throws(DecodingFailure) -> Message {
        let block: Digest = try reader.fixed("block hash")
        let count = try blockEntryCount(from: &reader, parameters: parameters)
        guard reader.remaining <= Int(parameters.maximumBodyBytes) else {
            throw .overLimit(
                field: "block entries",
                limit: UInt64(parameters.maximumBodyBytes),
                found: UInt64(reader.remaining)
            )
        }
        var entries: [Entry] = []
        for _ in 0..<count {
            entries.append(
                try Entry(from: &reader, payloadLimit: parameters.maximumPayloadBytes)
            )
        }
        return .blockEntries(block: block, entries)
    }

    private static func blockEntryCount(
        from reader: inout ByteReader,
        parameters: NetworkParameters
    ) throws(DecodingFailure) -> UInt16 {
        let limit = UInt16(parameters.maximumEntries)
        let count = try reader.integer("entry count", atMost: limit)
        guard count > 0 else { throw .underLimit(field: "entry count", limit: 1, found: 0) }
        return count
    }
}
