public import PhiCrypto
public import PhiLedger

/// The proof of work on an entry, which prices a flood and nothing more.
///
/// The author declares the work; the hash must meet the declared target, so that a lucky hash
/// earns nothing. The stamp covers the id and lies outside it: anybody may stamp again.
public enum Stamp {
    /// How many times the price of a message opening a meeting costs.
    public static let openFactor: UInt64 = 64
    /// How many times the price of a message an author's first entry in a meeting costs.
    public static let firstFactor: UInt64 = 4

    /// The least work that an entry must declare, in hashes.
    public static func minimumWork(
        kind: EntryKind,
        sequence: UInt64,
        payloadByteCount: UInt32,
        parameters: NetworkParameters
    ) -> UInt64 {
        let factor = kind == .open ? openFactor : sequence == 0 ? firstFactor : 1
        let size = pricedBytes(payloadByteCount: payloadByteCount, parameters: parameters)
        return factor * max(1, UInt64(parameters.stampRate) * size)
    }

    /// The bytes that a stamp pays for.
    public static func pricedBytes(
        payloadByteCount: UInt32,
        parameters: NetworkParameters
    ) -> UInt64 {
        UInt64(Entry.envelopeByteCount) + UInt64(payloadByteCount) + UInt64(parameters.stampBase)
    }

    /// The declared work for each priced byte: what a pool and a miner rank entries by.
    public static func density(of entry: Entry, parameters: NetworkParameters) -> UInt64 {
        entry.stampWork
            / pricedBytes(payloadByteCount: entry.payloadByteCount, parameters: parameters)
    }

    /// Whether a nonce shows the declared work on an id.
    public static func isValid(id: Digest, work: UInt64, nonce: UInt64) -> Bool {
        guard work > 0 else { return false }
        var inner = SHA256.Hasher()
        inner.update(Domain.stamp)
        inner.update(id)
        inner.update(padding)
        inner.update(littleEndian: work)
        inner.update(littleEndian: nonce)
        var outer = SHA256.Hasher()
        outer.update(inner.finalize())
        return outer.finalize().leadingNumber <= UInt64.max / work
    }

    /// The zero bytes between the id and the work.
    private static let padding = [UInt8](repeating: 0, count: 28)

    /// Looks for the least nonce in a range that shows the work; bounded and synchronous.
    public static func search(id: Digest, work: UInt64, in range: Range<UInt64>) -> UInt64? {
        HashSearch.firstNonce(
            prefix: prefix(of: id),
            tail: tail(work: work),
            target: target(of: max(1, work)),
            in: range
        )
    }

    private static func prefix(of id: Digest) -> [UInt8] {
        Domain.stamp + id.bytes + [UInt8](repeating: 0, count: 16)
    }

    private static func tail(work: UInt64) -> [UInt8] {
        var tail = [UInt8](repeating: 0, count: 12)
        tail.append(littleEndian: work)
        return tail
    }

    /// The greatest hash that shows the work: only its first eight bytes count.
    private static func target(of work: UInt64) -> Digest {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt64.max / work)
        bytes.append(contentsOf: [UInt8](repeating: 0xff, count: 24))
        return Digest(reading: bytes, at: 0)
    }
}
