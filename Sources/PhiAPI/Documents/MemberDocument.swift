public import PhiConsensus
public import PhiCrypto

/// An author in a meeting.
public struct MemberDocument: Document {
    /// What an author may do.
    public enum State: String, CaseIterable, Sendable {
        /// Opened the meeting, writes always.
        case host
        /// Was let in, or wrote where everyone may.
        case member
        /// Was shut out.
        case revoked
    }

    /// The author's key.
    public let author: VerifyingKey
    /// What the author may do.
    public let state: State
    /// How many entries the author has in the meeting.
    public let entries: UInt64
    /// Whether the author signed the minutes.
    public let hasApproved: Bool
    /// The key to which new epochs are sealed; nil where the author wants none.
    public let agreementKey: AgreementPublicKey?

    /// A document of an author, or nil for one who has no part in the meeting.
    public init?(author: VerifyingKey, host: VerifyingKey, state: AuthorState) {
        self.author = author
        if author == host {
            self.state = .host
        } else if state.standing == .revoked {
            self.state = .revoked
        } else if state.standing == .member || state.nextSequence > 0 {
            self.state = .member
        } else {
            return nil
        }
        entries = state.nextSequence
        hasApproved = state.hasApproved
        agreementKey = state.agreementKey.isZero ? nil : state.agreementKey
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("author", .key, "The author's key."),
        .always("state", .choice(State.allCases.map(\.rawValue)), "What it may do."),
        .always("entries", .count, "How many entries it has in the meeting."),
        .always("hasApproved", .boolean, "Whether it signed the minutes."),
        .sometimes("agreementKey", .key, "The key to which new epochs are sealed."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "member")
        author = try fields.fixed("author")
        state = try fields.word("state")
        entries = try fields.integer("entries")
        hasApproved = try fields.bool("hasApproved")
        agreementKey = try fields.optional("agreementKey") { name throws(DocumentFailure) in
            try fields.fixed(name)
        }
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("author", author)
        writer.member("state", state.rawValue)
        writer.member("entries", entries)
        writer.member("hasApproved", hasApproved)
        writer.member("agreementKey", ifAny: agreementKey)
        writer.endObject()
    }
}
