import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings

/// An author who exists for a measurement: the keys and salts follow from a seed.
struct Author: Sendable {
    /// The number among the authors of the measurement.
    let index: Int
    /// Where the author's next entry goes.
    var head = AuthorHead.first
    private let seed: [UInt8]

    init(index: Int, seed: UInt64) {
        self.index = index
        var bytes = Array("phi-measure author".utf8)
        bytes.append(littleEndian: seed)
        bytes.append(littleEndian: UInt64(index))
        self.seed = SHA256.hash(bytes).bytes
    }

    /// The author's key, to be used for many entries.
    func key() throws -> SigningKey { try SigningKey(seed: seed) }

    /// A stamped `open` of a public meeting in which everybody can write, or who has its secret.
    mutating func open(
        title: String,
        with builder: EntryBuilder,
        key: borrowing SigningKey,
        secret: MeetingSecret? = nil
    ) throws -> Entry {
        let plan = MeetingPlan(
            title: title,
            reading: .everyone,
            writing: secret == nil ? .anyone : .link,
            secret: secret
        )
        let signed = try builder.open(plan, salt: salt("open"), head: head, key: key)
        head = signed.head
        return try Self.stamp(signed, on: builder.network)
    }

    /// A stamped `join`, with the secret where writing is by link; the author's first entry.
    mutating func join(
        _ meeting: Digest,
        with builder: EntryBuilder,
        key: borrowing SigningKey,
        secret: MeetingSecret? = nil
    ) throws -> Entry {
        let signed = try builder.join(
            meeting,
            with: secret,
            agreementKey: nil,
            salt: salt("join"),
            key: key
        )
        head = signed.head
        return try Self.stamp(signed, on: builder.network)
    }

    /// A stamped message of the author to a meeting.
    mutating func message(
        _ text: String,
        to meeting: Digest,
        with builder: EntryBuilder,
        key: borrowing SigningKey
    ) throws -> Entry {
        let signed = try builder.message(
            .text(text),
            to: meeting,
            in: nil,
            salt: salt("message"),
            head: head,
            key: key
        )
        head = signed.head
        return try Self.stamp(signed, on: builder.network)
    }

    private func salt(_ purpose: String) -> [UInt8] {
        var bytes = seed + Array(purpose.utf8)
        bytes.append(littleEndian: head.sequence)
        return Array(SHA256.hash(bytes).bytes.prefix(Entry.saltByteCount))
    }

    private static func stamp(_ signed: SignedEntry, on network: Network) throws -> Entry {
        let work = signed.minimumWork(on: network.parameters)
        guard let nonce = Stamp.search(id: signed.id, work: work, in: 0..<UInt64(1) << 48) else {
            throw MeasureFailure.generated("no stamp of \(work) hashes was found")
        }
        return signed.stamped(work: work, nonce: nonce)
    }
}
