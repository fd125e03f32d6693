public import PhiCrypto

/// What live events can be about.
public enum Topic: Hashable, Sendable {
    /// Every change of the best chain.
    case blocks
    /// Entries of one meeting.
    case meeting(Digest)
    /// Entries of one author.
    case author(VerifyingKey)
    /// The fate of one entry.
    case entry(Digest)

    /// The longest text that can be a topic.
    static let byteLimit = 128

    /// The longest text that can be a cursor.
    public static let cursorByteLimit = 256

    /// Reads a topic such as `blocks` or `meeting:<id>`.
    public init(
        _ text: String,
        field: String = "topic",
        networkPrefix: String? = nil
    ) throws(APIError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let subject = parts.count == 2 ? String(parts[1]) : nil
        switch (parts[0], subject) {
        case ("blocks", nil): self = .blocks
        case ("meeting", let subject?):
            self = .meeting(
                try Identifiers.read(subject, field: field, networkPrefix: networkPrefix)
            )
        case ("author", let subject?):
            self = .author(
                try Identifiers.read(subject, field: field, networkPrefix: networkPrefix)
            )
        case ("entry", let subject?):
            self = .entry(try Identifiers.read(subject, field: field, networkPrefix: networkPrefix))
        default:
            throw .invalidParameter(
                field,
                "The field “\(field)” must be “blocks”, “meeting:<id>”, “author:<key>” or "
                    + "“entry:<id>”."
            )
        }
    }
}

extension Topic: CustomStringConvertible {
    /// The topic as callers write it.
    public var description: String {
        switch self {
        case .blocks: "blocks"
        case .meeting(let id): "meeting:\(id.hex)"
        case .author(let key): "author:\(key.hex)"
        case .entry(let id): "entry:\(id.hex)"
        }
    }
}
