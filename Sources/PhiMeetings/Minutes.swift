public import PhiCrypto
public import PhiLedger

/// The document of an ended meeting: everything said in order, and who signed that it is all.
///
/// The lines are read one after another, so a record of any length is judged in little memory.
public enum MinutesLine: Hashable, Sendable {
    /// An entry of the meeting, in the order of the chain; the `open` is the first.
    case record(MinutesRecord)
    /// An `approve` entry with its payload, after all records.
    case approval(MinutesRecord)
    /// The text of the receipt of an `approve`: consensus accepted the digest.
    case receipt(String)
}

/// An entry as minutes carry it.
public struct MinutesRecord: Hashable, Sendable {
    /// The envelope, 284 bytes.
    public let envelope: [UInt8]
    /// The payload; nil when it is erased.
    public let payload: [UInt8]?

    /// A record of given parts, or nil when the envelope has not its one length.
    public init?(envelope: [UInt8], payload: [UInt8]?) {
        guard envelope.count == Entry.envelopeByteCount else { return nil }
        self.envelope = envelope
        self.payload = payload
    }

    /// The record of an entry that is whole.
    public init(_ entry: Entry) {
        envelope = entry.envelope
        payload = entry.payload
    }

    /// The same record without its payload.
    public var erased: MinutesRecord { MinutesRecord(kept: envelope) }

    private init(kept envelope: [UInt8]) {
        self.envelope = envelope
        payload = nil
    }
}

/// What minutes show, once every line was judged.
public struct MinutesVerdict: Hashable, Sendable {
    /// The network.
    public let chain: Digest
    /// The meeting.
    public let meeting: Digest
    /// The host.
    public let host: VerifyingKey
    /// Entries and root, computed from the records.
    public let digest: MinutesDigest
    /// The id of the `close`; zero when the lifetime ended the meeting.
    public let close: Digest
    /// Messages whose payload is erased.
    public let erasedCount: UInt64
    /// Authors who signed this digest, in the order of their bytes.
    public let approvedBy: [VerifyingKey]
    /// Verdicts on the receipts of approvals: in such a chain consensus itself found the digest.
    public let receipts: [ReceiptVerdict]

    /// Whether a receipt shows that consensus accepted the digest, so that nothing is missing.
    public var isProvedComplete: Bool { !receipts.isEmpty }
}

/// Why minutes are refused; `index` counts records from 0.
public enum MinutesFailure: Error, Equatable, Sendable {
    /// There is no record.
    case empty
    /// There are more records than a tree has leaves.
    case tooManyRecords(limit: UInt64)
    /// A record comes after an approval or receipt.
    case recordTooLate
    /// An envelope or control payload is not that of an entry.
    case entry(index: UInt64, DecodingFailure)
    /// A control payload is missing; only messages can be erased.
    case controlPayloadErased(index: UInt64)
    /// A payload is not the one that the envelope names.
    case payloadHash(index: UInt64)
    /// The author's signature is refused.
    case signature(index: UInt64, SignatureFailure)
    /// The first record is not an `open`, or a later one is.
    case misplacedOpen(index: UInt64)
    /// A record belongs to another network.
    case otherChain(index: UInt64)
    /// A record belongs to another meeting.
    case otherMeeting(index: UInt64)
    /// A record does not follow its author's record before.
    case notLinked(index: UInt64, expected: UInt64)
    /// The author was not a member, or not the host where only the host may.
    case notAllowed(index: UInt64)
    /// A record follows the `close`.
    case afterClose(index: UInt64)
    /// An approval stands among the records, where no tree has it.
    case approvalAsRecord(index: UInt64)
    /// The meeting has neither a `close` nor a lifetime, so it has not ended.
    case notEnded
    /// An approval is broken; the index counts approvals.
    case approval(index: UInt64, ApprovalFailure)
    /// A receipt is refused; the index counts receipts.
    case receipt(index: UInt64, ReceiptFailure)
    /// A receipt is not that of an approval that counts; the index counts receipts.
    case receiptOfOther(index: UInt64, ApprovalFailure)
}

/// Why an approval does not count.
public enum ApprovalFailure: Error, Equatable, Sendable {
    /// The entry is not an `approve` with its payload.
    case notApproval
    /// The payload has not its layout.
    case payload(DecodingFailure)
    /// The payload is not the one that the envelope names.
    case payloadHash
    /// The signature is refused.
    case signature(SignatureFailure)
    /// The approval is for another network or meeting.
    case otherMeeting
    /// The approval names another end of the meeting.
    case otherClose(expected: Digest, found: Digest)
    /// The approval signs another digest: records are missing, added or changed.
    case otherDigest(expected: MinutesDigest, found: MinutesDigest)
    /// Nobody but a member or the host can approve.
    case notMember
    /// The author approved already.
    case repeated
}
