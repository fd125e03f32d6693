import PhiAPI
import PhiLedger
import PhiMeetings

extension MinutesFileFailure {
    /// The name of the rule that is broken.
    var rule: String {
        switch self {
        case .minutes(let failure): String(String(describing: failure).prefix { $0 != "(" })
        default: String(String(describing: self).prefix { $0 != "(" })
        }
    }

    /// Why the file is refused, for a person.
    var sentence: String {
        switch self {
        case .tooLong(let limit): "it has more than \(limit) bytes"
        case .lineTooLong(let line, let limit): "line \(line) has more than \(limit) bytes"
        case .tooManyRecords(let limit): "it has more than \(limit) records"
        case .tooManyReceipts(let limit): "it has more than \(limit) receipts"
        case .empty: "it is empty"
        case .otherFormat: "it has no minutes of a Phi network"
        case .cutOff: "it is cut off within the minutes"
        case .notJSON(let line, let failure): "line \(line) is no JSON: \(failure)"
        case .notOneMember(let line): "line \(line) has not exactly one member"
        case .malformed(let line, let member):
            "the “\(Wording.safe(String(member.prefix(40))))” of line \(line) is malformed"
        case .minutes(let failure): failure.sentence
        case .trustedBlockAbsent: "the block that you trust is in no receipt of the file"
        }
    }
}

extension MinutesFailure {
    /// Why minutes are refused, for a person; records are counted from 1.
    fileprivate var sentence: String {
        switch self {
        case .empty: "it has no record"
        case .tooManyRecords(let limit): "it has more than \(limit) records"
        case .recordTooLate: "a record stands below the approvals"
        case .entry(let index, let failure): "record \(index + 1) is malformed: \(failure)"
        case .controlPayloadErased(let index): "record \(index + 1) lacks what only a text may lack"
        case .payloadHash(let index): "the content of record \(index + 1) is not the signed one"
        case .signature(let index, _): "the signature of record \(index + 1) is wrong"
        case .misplacedOpen(let index): "record \(index + 1) opens a meeting, or should"
        case .otherChain(let index): "record \(index + 1) belongs to another chain"
        case .otherMeeting(let index): "record \(index + 1) belongs to another meeting"
        case .notLinked(let index, let expected):
            "record \(index + 1) does not follow its author's one before; number \(expected) is due"
        case .notAllowed(let index): "record \(index + 1) is by somebody who might not write it"
        case .afterClose(let index): "record \(index + 1) follows the end"
        case .approvalAsRecord(let index): "record \(index + 1) is an approval"
        case .notEnded: "the meeting has not ended"
        case .approval(let index, let failure): "approval \(index + 1) \(failure.words)"
        case .receipt(let index, let failure):
            "receipt \(index + 1) is refused: \(failure.sentence)"
        case .receiptOfOther(let index, let failure):
            "the entry of receipt \(index + 1) \(failure.words)"
        }
    }
}

extension ApprovalFailure {
    /// What is wrong with an approval, after its name.
    fileprivate var words: String {
        switch self {
        case .notApproval: "is no approval with its content"
        case .payloadHash: "has not the content that was signed"
        case .payload(let failure): "is malformed: \(failure)"
        case .signature: "has a wrong signature"
        case .otherMeeting: "belongs to another meeting"
        case .otherClose: "names another end of the meeting"
        case .otherDigest(_, let found):
            "is of other minutes, with \(found.count) entries: some are missing or added here"
        case .notMember: "is by somebody who was no member"
        case .repeated: "is by an author who signed already"
        }
    }
}
