import PhiCrypto
public import PhiLedger

/// Numbers of the contextual rules that no network changes.
public enum MeetingRule {
    /// Meetings that an author may open in one window.
    public static let openingLimit = 8
    /// The blocks of that window.
    public static let openingWindow: UInt32 = 8_640
}

extension LedgerState {
    /// Judges an entry at a height and applies it; a refused entry changes nothing.
    ///
    /// - Parameters:
    ///   - valid: The entry.
    ///   - height: The height of its block.
    /// - Returns: The entry with what its meeting's link key says of it, for whoever keeps it.
    /// - Throws: The first rule that the entry breaks, or what the source could not read.
    @discardableResult
    public mutating func apply(
        _ valid: ValidEntry,
        at height: Height
    ) throws(ApplyFailure<Source.Failure>) -> ValidEntry {
        var valid = valid
        let entry = valid.entry
        try checkWindow(entry, at: height)
        if case .open(let terms) = valid.payload {
            try open(valid, terms: terms, at: height)
            return valid
        }
        guard let meeting = try meeting(entry.meeting) else {
            throw .violation(.unknownMeeting(entry.meeting))
        }
        let slot = AuthorSlot(of: entry)
        var author = try author(slot)
        try checkOpen(meeting, for: entry, at: height)
        try checkMembership(of: author, in: meeting, for: &valid)
        try checkLink(of: author, to: entry)
        switch valid.payload {
        case .message, .open: break
        case .join(let admission):
            try join(admission, author: &author, slot: slot, meeting: meeting)
        case .admit(let list): try admit(list.keys, to: meeting, id: entry.meeting)
        case .revoke(let revocation):
            try revoke(revocation, in: meeting, id: entry.meeting)
        case .close: break
        case .approve(let approval):
            try approve(approval, author: &author, meeting: meeting, at: height)
        }
        author.nextSequence += 1
        author.lastID = valid.id
        put(author, for: slot)
        guard entry.kind != .approve else { return valid }
        grow(entry.meeting, by: valid.leaf)
        if entry.kind == .close { try close(entry.meeting, with: valid.id, at: height) }
        return valid
    }

    private func checkWindow(
        _ entry: Entry,
        at height: Height
    ) throws(ApplyFailure<Source.Failure>) {
        let anchor = entry.anchorHeight
        guard anchor < height else {
            throw .violation(.anchorNotBelow(anchor: anchor, height: height))
        }
        let age = height.distance(above: anchor)
        guard age <= parameters.expiry else {
            throw .violation(.expired(limit: parameters.expiry, found: age))
        }
    }

    private func checkOpen(
        _ meeting: MeetingState,
        for entry: Entry,
        at height: Height
    ) throws(ApplyFailure<Source.Failure>) {
        let isClosed = meeting.isClosed(at: height)
        guard entry.kind == .approve else {
            guard !isClosed else { throw .violation(.meetingClosed) }
            return
        }
        guard isClosed, let last = meeting.lastOpenHeight else {
            throw .violation(.meetingStillOpen)
        }
        let age = UInt64(height.rawValue) - min(last, UInt64(height.rawValue))
        guard age <= UInt64(parameters.undoWindow) else {
            throw .violation(.approvalTooLate(limit: parameters.undoWindow, found: age))
        }
    }

    private mutating func checkMembership(
        of author: AuthorState,
        in meeting: MeetingState,
        for valid: inout ValidEntry
    ) throws(ApplyFailure<Source.Failure>) {
        let entry = valid.entry
        let isHost = entry.author == meeting.host
        switch entry.kind {
        case .admit, .revoke, .close: guard isHost else { throw .violation(.notHost) }
        case .message, .open, .join, .approve: break
        }
        guard author.standing != .revoked else { throw .violation(.revoked) }
        if case .join(let admission) = valid.payload {
            guard entry.sequence == 0 else {
                throw .violation(.joinNotFirst(sequence: entry.sequence))
            }
            if meeting.writing == .link { return try checkAdmission(of: &valid, in: meeting) }
            guard !admission.isSigned else { throw .violation(.admissionNotZero) }
        }
        guard !isHost else { return }
        switch meeting.writing {
        case .anyone:
            guard entry.kind != .approve || author.nextSequence > 0 else {
                throw .violation(.notMember)
            }
        case .link, .named:
            guard author.standing == .member else { throw .violation(.notMember) }
        }
    }

    private mutating func checkAdmission(
        of valid: inout ValidEntry,
        in meeting: MeetingState
    ) throws(ApplyFailure<Source.Failure>) {
        guard !meeting.linkKey.isZero else { throw .violation(.linkClosed) }
        if valid.admissionVerdict.linkKey != meeting.linkKey {
            valid.judgeAdmission(by: meeting.linkKey)
            admissionChecks += 1
        }
        guard valid.admissionVerdict == .signed(by: meeting.linkKey) else {
            throw .violation(.admission(valid.admissionVerdict.failure ?? .mismatch))
        }
    }

    private func checkLink(
        of author: AuthorState,
        to entry: Entry
    ) throws(ApplyFailure<Source.Failure>) {
        guard entry.sequence == author.nextSequence else {
            throw .violation(.sequence(expected: author.nextSequence, found: entry.sequence))
        }
        guard entry.previous == author.lastID else {
            throw .violation(.previous(expected: author.lastID))
        }
    }

    private mutating func open(
        _ valid: ValidEntry,
        terms: MeetingTerms,
        at height: Height
    ) throws(ApplyFailure<Source.Failure>) {
        let slot = AuthorSlot(meeting: .zero, author: valid.entry.author)
        var author = try author(slot)
        try checkLink(of: author, to: valid.entry)
        let heights = try openings(by: valid.entry.author)
            .filter { height.distance(above: $0) < MeetingRule.openingWindow }
        guard heights.count < MeetingRule.openingLimit else {
            throw .violation(.tooManyOpenings(limit: MeetingRule.openingLimit))
        }
        _ = try meeting(valid.id)
        put(heights + [height], for: valid.entry.author)
        author.nextSequence += 1
        author.lastID = valid.id
        put(author, for: slot)
        put(MeetingState(opening: valid, terms: terms, at: height), for: valid.id)
        grow(valid.id, by: valid.leaf)
    }

    private mutating func close(
        _ id: Digest,
        with close: Digest,
        at height: Height
    ) throws(ApplyFailure<Source.Failure>) {
        guard var state = try meeting(id) else { return }
        state.closeHeight = height
        state.close = close
        put(state, for: id)
    }
}
