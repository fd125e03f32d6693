public import PhiAPI
public import PhiCrypto
public import PhiLedger
public import PhiMeetings

/// An entry of a meeting, checked and read as far as the reader may.
public struct ReadEntry: Equatable, Sendable {
    /// What a payload turned out to say.
    public enum Reading: Equatable, Sendable {
        /// A message that could be read.
        case message(MessageContent)
        /// A message that is sealed under a secret that the reader does not hold.
        case sealed(epoch: UInt16)
        /// A message that no client of this version can read.
        case unreadable
        /// An entry by which a meeting is run: open, join, admit, revoke, close or approve.
        case control
    }

    /// The entry as the node gave it, its signature and place checked.
    public let document: EntryDocument
    /// What its payload says.
    public let reading: Reading
}

/// Checks and reads the entries of one meeting.
public struct MeetingReader: Sendable {
    /// The meeting as its `open` makes it.
    public let terms: MeetingTerms
    /// The meeting.
    public let meeting: Digest
    /// The title, where it can be read.
    public let title: String?
    /// The host.
    public let host: VerifyingKey
    /// The network.
    public let network: Network
    /// The epochs of a private meeting with the secrets held; nil for a public one.
    public let epochs: Epochs?

    /// Checks an entry and reads it.
    public func read(_ document: EntryDocument) throws(ParticipantFailure) -> ReadEntry {
        try EntryCheck.check(document, in: meeting, network: network)
        return ReadEntry(document: document, reading: reading(of: document.entry))
    }

    private func reading(of entry: Entry) -> ReadEntry.Reading {
        guard entry.kind == .message else { return .control }
        guard let epochs else {
            guard let content = try? PublicContent.content(of: entry.payload) else {
                return .unreadable
            }
            return .message(content)
        }
        guard let sealed = try? SealedContent(decoding: entry.payload) else { return .unreadable }
        guard let secret = epochs.secret(of: sealed.epoch) else {
            return .sealed(epoch: sealed.epoch)
        }
        let place = MessagePlace(of: entry)
        guard let content = try? sealed.open(with: secret, at: place) else { return .unreadable }
        return .message(content)
    }
}
