import PhiCrypto
import PhiLedger

extension LedgerState {
    mutating func join(
        _ admission: Admission,
        author: inout AuthorState,
        slot: AuthorSlot,
        meeting: MeetingState
    ) throws(ApplyFailure<Source.Failure>) {
        author.agreementKey = admission.agreementKey
        // The host belongs to the meeting without being counted, so its join takes no place.
        guard meeting.writing == .link, slot.author != meeting.host else { return }
        var state = meeting
        try count(1, into: &state)
        author.standing = .member
        put(state, for: slot.meeting)
    }

    mutating func admit(
        _ keys: [VerifyingKey],
        to meeting: MeetingState,
        id: Digest
    ) throws(ApplyFailure<Source.Failure>) {
        guard meeting.writing == .named else { throw .violation(.notNamedMeeting) }
        var admitted: [(slot: AuthorSlot, state: AuthorState)] = []
        for key in keys {
            let slot = AuthorSlot(meeting: id, author: key)
            var author = try author(slot)
            guard key != meeting.host, author.standing != .member else {
                throw .violation(.alreadyMember(key))
            }
            guard author.standing != .revoked else { throw .violation(.alreadyRevoked(key)) }
            author.standing = .member
            admitted.append((slot: slot, state: author))
        }
        var state = meeting
        try count(keys.count, into: &state)
        put(state, for: id)
        for change in admitted { put(change.state, for: change.slot) }
    }

    mutating func revoke(
        _ revocation: Revocation,
        in meeting: MeetingState,
        id: Digest
    ) throws(ApplyFailure<Source.Failure>) {
        guard meeting.writing == .link || revocation.linkKey.isZero else {
            throw .violation(.linkKeyNotZero)
        }
        var state = meeting
        var revoked: [(slot: AuthorSlot, state: AuthorState)] = []
        for key in revocation.keys {
            guard key != meeting.host else { throw .violation(.hostRevoked) }
            let slot = AuthorSlot(meeting: id, author: key)
            var author = try author(slot)
            guard author.standing == .member || author.nextSequence > 0 else {
                throw .violation(.nothingToRevoke(key))
            }
            if author.standing == .member { state.memberCount -= 1 }
            author.standing = .revoked
            revoked.append((slot: slot, state: author))
        }
        state.linkKey = revocation.linkKey
        if !revocation.readCheck.isZero { state.readCheck = revocation.readCheck }
        put(state, for: id)
        for change in revoked { put(change.state, for: change.slot) }
    }

    func approve(
        _ approval: Approval,
        author: inout AuthorState,
        meeting: MeetingState,
        at height: Height
    ) throws(ApplyFailure<Source.Failure>) {
        guard approval.close == meeting.close else {
            throw .violation(.otherClose(expected: meeting.close))
        }
        // Without records the minutes are known all the same once an earlier block has the close,
        // or the lifetime is over: nothing that waits can change them any more.
        let areKnown = keepsRecords || meeting.closeHeight != height
        guard !areKnown || approval.minutes == meeting.minutes else {
            throw .violation(.otherMinutes(expected: meeting.minutes))
        }
        guard !author.hasApproved else { throw .violation(.alreadyApproved) }
        author.hasApproved = true
    }

    private func count(
        _ additional: Int,
        into state: inout MeetingState
    ) throws(ApplyFailure<Source.Failure>) {
        let total = UInt64(state.memberCount) + UInt64(additional)
        guard total <= UInt64(MeetingState.memberLimit) else {
            throw .violation(
                .tooManyMembers(limit: MeetingState.memberLimit, found: total)
            )
        }
        state.memberCount = UInt32(total)
    }
}
