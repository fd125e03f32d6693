/// What an entry is, and so what its payload holds.
public enum EntryKind: UInt16, CaseIterable, Sendable {
    /// Something said in a meeting; the one kind whose payload can be erased.
    case message = 1
    /// The start of a meeting; its id is the meeting's id.
    case open = 2
    /// The first entry of an author in a meeting that admits by link.
    case join = 3
    /// The host names authors that may write.
    case admit = 4
    /// The host shuts authors out, or changes the link, or starts an epoch.
    case revoke = 5
    /// The host ends the meeting.
    case close = 6
    /// A member signs the minutes of an ended meeting.
    case approve = 7

    /// The kind's name in documents.
    public var name: String {
        switch self {
        case .message: "message"
        case .open: "open"
        case .join: "join"
        case .admit: "admit"
        case .revoke: "revoke"
        case .close: "close"
        case .approve: "approve"
        }
    }

    /// Whether consensus reads the payload, so that it is never erased.
    public var isControl: Bool { self != .message }
}
