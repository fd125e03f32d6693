import PhiCrypto
import PhiLedger

/// The signatures under minutes.
struct MinutesApprovals: Sendable {
    private var seen: Set<VerifyingKey> = []
    private var approvalCount: UInt64 = 0
    private var receiptCount: UInt64 = 0
    /// Verdicts on the receipts.
    private(set) var receipts: [ReceiptVerdict] = []

    /// The authors, in the order of their bytes.
    var authors: [VerifyingKey] { seen.sorted() }

    mutating func take(
        _ record: MinutesRecord,
        ended: EndedMeeting
    ) throws(MinutesFailure) {
        do throws(ApprovalFailure) {
            let envelope = ReceiptEnvelope(record.envelope)
            try Self.check(envelope, payload: record.payload, ended: ended)
            do {
                try MinutesCheck.signature(of: envelope, id: envelope.id)
            } catch { throw .signature(error) }
            guard seen.insert(envelope.author).inserted else { throw .repeated }
        } catch { throw .approval(index: approvalCount, error) }
        approvalCount += 1
    }

    mutating func take(
        receipt text: String,
        ended: EndedMeeting
    ) throws(MinutesFailure) {
        let receipt: Receipt
        let verdict: ReceiptVerdict
        do {
            receipt = try Receipt(text)
            verdict = try ReceiptVerifier.verify(receipt)
        } catch { throw .receipt(index: receiptCount, error) }
        do {
            let envelope = ReceiptEnvelope(receipt.envelope)
            try Self.check(envelope, payload: receipt.payload, ended: ended)
        } catch { throw .receiptOfOther(index: receiptCount, error) }
        receipts.append(verdict)
        receiptCount += 1
    }

    /// All checks but the signature.
    private static func check(
        _ envelope: ReceiptEnvelope,
        payload: [UInt8]?,
        ended: EndedMeeting
    ) throws(ApprovalFailure) {
        guard envelope.version == Entry.version,
            envelope.kind == EntryKind.approve.rawValue, let payload
        else { throw .notApproval }
        guard payload.count == Int(envelope.payloadByteCount), envelope.isHash(of: payload)
        else { throw .payloadHash }
        let approval: Approval
        do { approval = try Approval(decoding: payload) } catch { throw .payload(error) }
        guard envelope.chain == ended.members.chain, envelope.meeting == ended.members.meeting
        else { throw .otherMeeting }
        guard approval.close == ended.close else {
            throw .otherClose(expected: ended.close, found: approval.close)
        }
        guard approval.minutes == ended.digest else {
            throw .otherDigest(expected: ended.digest, found: approval.minutes)
        }
        guard ended.members.isMember(envelope.author) else { throw .notMember }
    }
}
