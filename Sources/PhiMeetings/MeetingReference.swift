public import PhiCrypto

/// A meeting as a person names it: by a link, by its name, or by its id in hexadecimal.
public enum MeetingReference: Hashable, Sendable {
    /// A link with all that it carries.
    case link(MeetingLink)
    /// The id alone.
    case id(Digest)

    /// Reads a reference.
    ///
    /// - Parameters:
    ///   - text: A link, a bech32m name, or 64 lowercase hexadecimal digits.
    ///   - prefix: The prefix of the network that the reader is on.
    /// - Throws: The rule of links that the text breaks.
    public init(_ text: String, prefix: String) throws(LinkFailure) {
        if let id = Digest(hex: text) {
            self = .id(id)
        } else if text.utf8.contains(UInt8(ascii: ":")) {
            self = .link(try MeetingLink(text, prefix: prefix))
        } else {
            self = .id(try MeetingName.decode(text, prefix: prefix))
        }
    }

    /// The meeting.
    public var meeting: Digest {
        switch self {
        case .link(let link): link.meeting
        case .id(let id): id
        }
    }

    /// The secret that came with it, if any.
    public var secret: MeetingSecret? {
        switch self {
        case .link(let link): link.secret
        case .id: nil
        }
    }
}
