public import PhiCrypto
public import PhiLedger

extension EntryBuilder {
    /// An `admit`: the host names authors.
    ///
    /// - Parameters:
    ///   - authors: 1 to 1,000 keys in any order.
    ///   - meeting: The meeting.
    ///   - salt: 16 fresh random bytes.
    ///   - head: The host's head in the meeting.
    ///   - key: The host's key.
    /// - Returns: The entry, still without a stamp.
    /// - Throws: Why the entry cannot be made.
    public func admit(
        _ authors: [VerifyingKey],
        to meeting: Digest,
        salt: [UInt8],
        head: AuthorHead,
        key: borrowing SigningKey
    ) throws(EntryBuilderFailure) -> SignedEntry {
        let list = AdmitList(salt: salt, keys: authors)
        try checkCount(list.keys, atLeast: 1)
        return try sign(.admit, list.encoded, meeting: meeting, head: head, key: key)
    }

    /// A `revoke`: the host shuts authors out, changes the link, or starts an epoch.
    ///
    /// - Parameters:
    ///   - change: What changes.
    ///   - meeting: The meeting.
    ///   - salt: 16 fresh random bytes.
    ///   - head: The host's head in the meeting.
    ///   - key: The host's key.
    /// - Returns: The entry, still without a stamp.
    /// - Throws: Why the entry cannot be made.
    public func revoke(
        _ change: MeetingChange,
        in meeting: Digest,
        salt: [UInt8],
        head: AuthorHead,
        key: borrowing SigningKey
    ) throws(EntryBuilderFailure) -> SignedEntry {
        let revocation = Revocation(
            salt: salt,
            keys: change.revoked,
            linkKey: change.linkKey,
            readCheck: change.readCheck
        )
        try checkCount(revocation.keys, atLeast: 0)
        return try sign(.revoke, revocation.encoded, meeting: meeting, head: head, key: key)
    }

    /// A `close`: the host ends the meeting.
    ///
    /// - Parameters:
    ///   - meeting: The meeting.
    ///   - salt: 16 fresh random bytes.
    ///   - head: The host's head in the meeting.
    ///   - key: The host's key.
    /// - Returns: The entry, still without a stamp.
    /// - Throws: Why the entry cannot be made.
    public func close(
        _ meeting: Digest,
        salt: [UInt8],
        head: AuthorHead,
        key: borrowing SigningKey
    ) throws(EntryBuilderFailure) -> SignedEntry {
        try sign(.close, salt, meeting: meeting, head: head, key: key)
    }

    /// An `approve`: a member signs the minutes of an ended meeting.
    ///
    /// - Parameters:
    ///   - minutes: The digest that consensus fixed.
    ///   - close: The id of the `close`; zero when the lifetime ended the meeting.
    ///   - meeting: The meeting.
    ///   - salt: 16 fresh random bytes.
    ///   - head: The author's head in the meeting.
    ///   - key: The author's key.
    /// - Returns: The entry, still without a stamp.
    /// - Throws: Why the entry cannot be made.
    public func approve(
        _ minutes: MinutesDigest,
        endedBy close: Digest,
        of meeting: Digest,
        salt: [UInt8],
        head: AuthorHead,
        key: borrowing SigningKey
    ) throws(EntryBuilderFailure) -> SignedEntry {
        let approval = Approval(salt: salt, close: close, minutes: minutes)
        return try sign(.approve, approval.encoded, meeting: meeting, head: head, key: key)
    }

    private func checkCount(
        _ keys: [VerifyingKey],
        atLeast minimum: Int
    ) throws(EntryBuilderFailure) {
        let limits = minimum...Int(AuthorList.limit)
        guard limits.contains(keys.count) else {
            throw .keyCount(limits: limits, found: keys.count)
        }
    }
}
