/// A payload as consensus reads it: messages stay opaque, all else is decoded.
public indirect enum Payload: Hashable, Sendable {
    /// Any bytes after the salt.
    case message
    /// The terms of a new meeting.
    case open(MeetingTerms)
    /// An author asks in.
    case join(Admission)
    /// The host names authors.
    case admit(AdmitList)
    /// The host shuts authors out.
    case revoke(Revocation)
    /// The host ends the meeting; nothing but the salt.
    case close
    /// A member signs the minutes.
    case approve(Approval)

    /// Reads an entry's payload as its kind has it.
    public init(of entry: Entry) throws(DecodingFailure) {
        switch entry.kind {
        case .message: self = .message
        case .open: self = .open(try MeetingTerms(decoding: entry.payload))
        case .join: self = .join(try Admission(decoding: entry.payload))
        case .admit: self = .admit(try AdmitList(decoding: entry.payload))
        case .revoke: self = .revoke(try Revocation(decoding: entry.payload))
        case .close:
            let salt = UInt32(Entry.saltByteCount)
            guard entry.payloadByteCount == salt else {
                throw .trailing(count: Int(entry.payloadByteCount - salt))
            }
            self = .close
        case .approve: self = .approve(try Approval(decoding: entry.payload))
        }
    }
}
