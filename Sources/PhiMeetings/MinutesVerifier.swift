import PhiConsensus
import PhiCrypto
public import PhiLedger

/// Judges minutes line by line.
public struct MinutesVerifier: Sendable {
    private var frontier = MerkleFrontier()
    private var members: MinutesMembers?
    private var close: Digest = .zero
    private var lifetime: UInt32 = 0
    private var erasedCount: UInt64 = 0
    private var recordsAreOver = false
    private var approvals = MinutesApprovals()

    /// A verifier that has seen nothing.
    public init() {}

    /// Judges whole minutes.
    public static func verify(
        _ lines: some Sequence<MinutesLine>
    ) throws(MinutesFailure) -> MinutesVerdict {
        var verifier = MinutesVerifier()
        for line in lines { try verifier.take(line) }
        return try verifier.finish()
    }

    /// The entries and the root of the records so far.
    public var digest: MinutesDigest {
        MinutesDigest(count: frontier.count, root: frontier.root)
    }

    /// Takes in the next line.
    public mutating func take(_ line: MinutesLine) throws(MinutesFailure) {
        switch line {
        case .record(let record):
            guard !recordsAreOver else { throw .recordTooLate }
            try take(record)
        case .approval(let record):
            let ended = try end()
            try approvals.take(record, ended: ended)
        case .receipt(let text):
            let ended = try end()
            try approvals.take(receipt: text, ended: ended)
        }
    }

    /// The verdict, once all lines were taken in.
    public mutating func finish() throws(MinutesFailure) -> MinutesVerdict {
        let ended = try end()
        return MinutesVerdict(
            chain: ended.members.chain,
            meeting: ended.members.meeting,
            host: ended.members.host,
            digest: ended.digest,
            close: ended.close,
            erasedCount: erasedCount,
            approvedBy: approvals.authors,
            receipts: approvals.receipts
        )
    }

    private mutating func end() throws(MinutesFailure) -> EndedMeeting {
        recordsAreOver = true
        guard let members else { throw .empty }
        guard !close.isZero || lifetime > 0 else { throw .notEnded }
        return EndedMeeting(members: members, digest: digest, close: close)
    }

    private mutating func take(_ record: MinutesRecord) throws(MinutesFailure) {
        let index = frontier.count
        guard index < MerkleFrontier.maximumCount else {
            throw .tooManyRecords(limit: MerkleFrontier.maximumCount)
        }
        guard close.isZero else { throw .afterClose(index: index) }
        let envelope = ReceiptEnvelope(record.envelope)
        let kind = try MinutesCheck.kind(of: envelope, index: index)
        let id = envelope.id
        do {
            try MinutesCheck.signature(of: envelope, id: id)
        } catch { throw .signature(index: index, error) }
        if let payload = record.payload {
            guard payload.count == Int(envelope.payloadByteCount), envelope.isHash(of: payload)
            else { throw .payloadHash(index: index) }
        } else if kind.isControl {
            throw .controlPayloadErased(index: index)
        }
        let payload = try MinutesCheck.payload(of: record, kind: kind, index: index)
        if index == 0 {
            guard case .open(let terms) = payload, envelope.meeting.isZero else {
                throw .misplacedOpen(index: index)
            }
            lifetime = terms.lifetime
            members = MinutesMembers(opening: envelope, id: id, writing: terms.writing)
        } else {
            try members?.take(envelope, id: id, payload: payload, index: index)
        }
        if record.payload == nil { erasedCount += 1 }
        if kind == .close { close = id }
        frontier.append(leaf: envelope.leaf)
    }
}

/// A meeting that has ended, as its records show it.
struct EndedMeeting {
    let members: MinutesMembers
    let digest: MinutesDigest
    let close: Digest
}

/// Checks that records and approvals share.
enum MinutesCheck {
    static func kind(
        of envelope: ReceiptEnvelope,
        index: UInt64
    ) throws(MinutesFailure) -> EntryKind {
        guard envelope.version == Entry.version else {
            let found = UInt64(envelope.version)
            throw .entry(index: index, .unknown(field: "entry version", found: found))
        }
        guard let kind = EntryKind(rawValue: envelope.kind) else {
            let found = UInt64(envelope.kind)
            throw .entry(index: index, .unknown(field: "entry kind", found: found))
        }
        return kind
    }

    static func signature(
        of envelope: ReceiptEnvelope,
        id: Digest
    ) throws(SignatureFailure) {
        try envelope.author.check(envelope.signature, of: Domain.entrySignature + id.bytes)
    }

    /// The payload as consensus reads it; an erased message stays what it is.
    static func payload(
        of record: MinutesRecord,
        kind: EntryKind,
        index: UInt64
    ) throws(MinutesFailure) -> Payload {
        guard let payload = record.payload else { return .message }
        do {
            let limit = UInt32(truncatingIfNeeded: payload.count)
            let entry = try Entry(decoding: record.envelope + payload, payloadLimit: limit)
            return try Payload(of: entry)
        } catch { throw .entry(index: index, error) }
    }
}
