import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger

extension APIError {
    /// What a caller hears about an entry that has no place at the tip.
    static func context(_ violation: ContextViolation) -> APIError {
        let bounds = violation.bounds
        return .ruleBroken(
            violation.rule,
            violation.advice,
            limit: bounds.limit,
            found: bounds.found
        )
    }
}

extension ContextViolation {
    /// The stable name of the rule.
    fileprivate var rule: String {
        switch self {
        case .anchorNotBelow: "anchorNotBelow"
        case .expired: "expired"
        case .unknownMeeting: "unknownMeeting"
        case .meetingClosed: "meetingClosed"
        case .meetingStillOpen: "meetingStillOpen"
        case .approvalTooLate: "approvalTooLate"
        case .notHost: "notHost"
        case .revoked: "revoked"
        case .notMember: "notMember"
        case .joinNotFirst: "joinNotFirst"
        case .admissionNotZero: "admissionNotZero"
        case .linkClosed: "linkClosed"
        case .admission: "admission"
        case .sequence: "sequence"
        case .previous: "previous"
        case .notNamedMeeting: "notNamedMeeting"
        case .alreadyMember: "alreadyMember"
        case .alreadyRevoked: "alreadyRevoked"
        case .nothingToRevoke: "nothingToRevoke"
        case .hostRevoked: "hostRevoked"
        case .linkKeyNotZero: "linkKeyNotZero"
        case .otherClose: "otherClose"
        case .otherMinutes: "otherMinutes"
        case .alreadyApproved: "alreadyApproved"
        case .tooManyOpenings: "tooManyOpenings"
        case .tooManyMembers: "tooManyMembers"
        }
    }

    /// The field at fault and the remedy.
    fileprivate var advice: String {
        switch self {
        case .anchorNotBelow: "The anchor_height lies above the chain. Anchor to a known block."
        case .expired: "The entry's window has passed. Sign it again with a newer anchor."
        case .unknownMeeting:
            "No meeting with that id is open here. Check the link, or wait for its block."
        case .meetingClosed: "The meeting has ended and takes approvals only."
        case .meetingStillOpen: "The meeting has not ended. Approve its minutes once it is closed."
        case .approvalTooLate: "The meeting ended too long ago to approve its minutes."
        case .notHost: "Only the meeting's host writes entries of this kind."
        case .revoked: "The author was shut out of the meeting for good."
        case .notMember:
            "The author is no member. Join by the meeting's link, or ask the host to admit the key."
        case .joinNotFirst: "A join is an author's first entry; this author wrote before."
        case .admissionNotZero: "This meeting admits nobody by link; leave the admission zero."
        case .linkClosed: "The meeting's link admits nobody any more. Ask the host for a new one."
        case .admission(let failure):
            "The admission is not signed by the link's key (\(failure)). Use the newest link."
        case .sequence: "The seq is not the author's next. Ask author.head and sign again."
        case .previous: "The prev is not the author's last entry. Ask author.head and sign again."
        case .notNamedMeeting: "This meeting does not admit authors by name."
        case .alreadyMember: "One of the keys is a member already. Leave it out."
        case .alreadyRevoked: "One of the keys was shut out for good. Leave it out."
        case .nothingToRevoke: "One of the keys is neither member nor author. Leave it out."
        case .hostRevoked: "The host cannot be shut out. Leave its key out."
        case .linkKeyNotZero: "This meeting has no link; leave link_key zero."
        case .otherClose: "The approval names another close. Approve what meeting.minutes says."
        case .otherMinutes: "The approval names other minutes. Approve what meeting.minutes says."
        case .alreadyApproved: "The author approved the minutes before."
        case .tooManyOpenings: "The author opened too many meetings in a day. Try again later."
        case .tooManyMembers: "The meeting is full. Its host can revoke a member to make room."
        }
    }

    /// The limit or expected value, and what was found.
    fileprivate var bounds: (limit: JSON?, found: JSON?) {
        switch self {
        case .anchorNotBelow(let anchor, let height):
            (APIError.count(height.rawValue), APIError.count(anchor.rawValue))
        case .expired(let limit, let found): (APIError.count(limit), APIError.count(found))
        case .approvalTooLate(let limit, let found): (APIError.count(limit), APIError.count(found))
        case .joinNotFirst(let sequence): (0, APIError.count(sequence))
        case .sequence(let expected, let found):
            (APIError.count(expected), APIError.count(found))
        case .previous(let expected): (.string(expected.hex), nil)
        case .unknownMeeting(let id): (nil, .string(id.hex))
        case .alreadyMember(let key), .alreadyRevoked(let key), .nothingToRevoke(let key):
            (nil, .string(key.hex))
        case .otherClose(let expected): (.string(expected.hex), nil)
        case .otherMinutes(let expected):
            (.string("\(expected.count) \(expected.root.hex)"), nil)
        case .tooManyOpenings(let limit): (APIError.count(limit), nil)
        case .tooManyMembers(let limit, let found): (APIError.count(limit), APIError.count(found))
        case .meetingClosed, .meetingStillOpen, .notHost, .revoked, .notMember, .admissionNotZero,
            .linkClosed, .admission, .notNamedMeeting, .hostRevoked, .linkKeyNotZero,
            .alreadyApproved:
            (nil, nil)
        }
    }
}
