public import PhiCrypto
public import PhiLedger

extension TestAuthor {
    /// Opens a meeting; the entry's id is the meeting's.
    public mutating func open(
        reading: ReadingPolicy = .everyone,
        writing: WritingPolicy = .anyone,
        linkKey: VerifyingKey = .zero,
        readCheck: Digest = .zero,
        lifetime: UInt32 = 0,
        title: String = "meeting",
        _ change: Change? = nil
    ) -> Entry {
        let terms = MeetingTerms(
            salt: salt(),
            reading: reading,
            writing: writing,
            linkKey: linkKey,
            readCheck: readCheck,
            lifetime: lifetime,
            title: Array(title.utf8)
        )
        return make(.open, in: .zero, payload: terms.encoded, change)
    }

    /// Says something, as public content of type 1.
    public mutating func message(
        _ text: String,
        in meeting: Digest,
        _ change: Change? = nil
    ) -> Entry {
        make(.message, in: meeting, payload: salt() + [1] + Array(text.utf8), change)
    }

    /// Asks in, with an admission by a link's key where the meeting has one.
    public mutating func join(
        _ meeting: Digest,
        by link: TestKey? = nil,
        agreementKey: AgreementPublicKey = .zero,
        _ change: Change? = nil
    ) -> Entry {
        let admission = Admission(
            salt: salt(),
            signature: link?.admission(of: key, to: meeting)
                ?? Signature(reading: [UInt8](repeating: 0, count: Signature.byteCount), at: 0),
            agreementKey: agreementKey
        )
        return make(.join, in: meeting, payload: admission.encoded, change)
    }

    /// Names authors.
    public mutating func admit(
        _ keys: [VerifyingKey],
        to meeting: Digest,
        _ change: Change? = nil
    ) -> Entry {
        make(.admit, in: meeting, payload: AdmitList(salt: salt(), keys: keys).encoded, change)
    }

    /// Shuts authors out, and sets the link's key and the epoch.
    public mutating func revoke(
        _ keys: [VerifyingKey] = [],
        in meeting: Digest,
        linkKey: VerifyingKey = .zero,
        readCheck: Digest = .zero,
        _ change: Change? = nil
    ) -> Entry {
        let revocation = Revocation(
            salt: salt(),
            keys: keys,
            linkKey: linkKey,
            readCheck: readCheck
        )
        return make(.revoke, in: meeting, payload: revocation.encoded, change)
    }

    /// Ends a meeting.
    public mutating func close(_ meeting: Digest, _ change: Change? = nil) -> Entry {
        make(.close, in: meeting, payload: salt(), change)
    }

    /// Signs the minutes of an ended meeting; the zero `close` is a lifetime's end.
    public mutating func approve(
        _ minutes: MinutesDigest,
        of meeting: Digest,
        close: Digest = .zero,
        _ change: Change? = nil
    ) -> Entry {
        let approval = Approval(salt: salt(), close: close, minutes: minutes)
        return make(.approve, in: meeting, payload: approval.encoded, change)
    }
}
