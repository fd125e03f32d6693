public import PhiCrypto
public import PhiLedger

extension Message {
    /// As few `inventory` messages as announce all leaf hashes, in their order.
    public static func inventories(of leaves: [Digest]) -> [Message] {
        chunks(of: leaves, Int(Limits.announcedEntries)).map { .inventory($0) }
    }

    /// As few `getEntries` messages as ask for all leaf hashes, in their order.
    public static func requests(forEntries leaves: [Digest]) -> [Message] {
        chunks(of: leaves, Int(Limits.entries)).map { .getEntries($0) }
    }

    /// As few `missingEntries` messages as name all leaf hashes, in their order.
    public static func missing(entries leaves: [Digest]) -> [Message] {
        chunks(of: leaves, Int(Limits.entries)).map { .missingEntries($0) }
    }

    /// As few `entries` messages as carry all entries in their order, each in its limits.
    public static func deliveries(of entries: [Entry]) -> [Message] {
        var messages: [Message] = []
        var batch: [Entry] = []
        var byteCount = 2
        for entry in entries {
            let full = byteCount + entry.bytes.count > Limits.entriesByteCount
            if full || batch.count == Int(Limits.entries) {
                messages.append(.entries(batch))
                batch = []
                byteCount = 2
            }
            batch.append(entry)
            byteCount += entry.bytes.count
        }
        if !batch.isEmpty { messages.append(.entries(batch)) }
        return messages
    }

    private static func chunks(of leaves: [Digest], _ size: Int) -> [[Digest]] {
        stride(from: 0, to: leaves.count, by: size).map { start in
            Array(leaves[start..<min(start + size, leaves.count)])
        }
    }
}
