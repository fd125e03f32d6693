public import PhiCrypto
public import PhiLedger

/// The title of a meeting: plain bytes of UTF-8, or sealed ones when the meeting is private.
public enum MeetingTitle {
    /// The title's bytes for an `open`.
    ///
    /// - Parameters:
    ///   - title: The text.
    ///   - secret: The first secret of a private meeting; nil for a public one.
    ///   - salt: The salt of the payload of the `open`.
    ///   - author: The host's key.
    ///   - sequence: The number of the `open` among the host's.
    /// - Returns: The bytes of the title.
    /// - Throws: Why the title cannot be sealed.
    public static func encode(
        _ title: String,
        sealedWith secret: MeetingSecret?,
        salt: [UInt8],
        author: VerifyingKey,
        sequence: UInt64
    ) throws(SealingFailure) -> [UInt8] {
        var bytes = Array(title.utf8)
        if let secret {
            let place = MessagePlace(meeting: .zero, author: author, sequence: sequence)
            bytes = try Sealing.title(salt: salt, place: place).seal(bytes, with: secret)
        }
        let limit = Int(MeetingTerms.titleByteLimit)
        guard bytes.count <= limit else { throw .tooLong(limit: limit, found: bytes.count) }
        return bytes
    }

    /// The title in the terms of a meeting.
    ///
    /// - Parameters:
    ///   - terms: The payload of the `open`.
    ///   - secret: The first secret; not looked at when the meeting is public.
    ///   - author: The host's key.
    ///   - sequence: The number of the `open` among the host's.
    /// - Returns: The text, or nil when the meeting is private and no secret is given.
    /// - Throws: Why the title does not open.
    public static func decode(
        _ terms: MeetingTerms,
        openedWith secret: MeetingSecret?,
        author: VerifyingKey,
        sequence: UInt64
    ) throws(SealingFailure) -> String? {
        var bytes = terms.title
        if terms.reading == .secretHolders {
            guard let secret else { return nil }
            let place = MessagePlace(meeting: .zero, author: author, sequence: sequence)
            bytes = try Sealing.title(salt: terms.salt, place: place).open(bytes, with: secret)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .titleNotUTF8 }
        return text
    }
}
