import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// One line of the chat: an entry of the meeting, or one that is still on its way.
struct ChatItem: Equatable, Sendable {
    /// What became an entry, or shall become one.
    enum Name: Hashable, Sendable {
        /// The id of a signed entry.
        case entry(Digest)
        /// The number of a message that was written here and is not signed yet.
        case draft(UInt64)
    }

    /// What the entry says to people.
    enum Body: Equatable, Sendable {
        /// A message.
        case said(String)
        /// A message about another entry.
        case reply(to: Digest, String)
        /// A sign on another entry.
        case reaction(to: Digest, String)
        /// What another entry should have said.
        case correction(of: Digest, String)
        /// Something that happened in the meeting.
        case notice(String)
        /// The author says what they are called.
        case named(String)
    }

    var name: Name
    let author: VerifyingKey
    let time: Timestamp
    var body: Body
    var step: ChatStep
    var depth: UInt32 = 0
    var place: BlockPlace?

    /// A message that was written here.
    init(draft number: UInt64, _ text: String, by author: VerifyingKey, at time: Timestamp) {
        name = .draft(number)
        self.author = author
        self.time = time
        body = .said(text)
        step = .queued
    }

    /// An entry of the meeting as one of its people sees it; nil for one that they need not see.
    init?(_ read: ReadEntry, for me: VerifyingKey) {
        guard let body = Body(read, for: me) else { return nil }
        let entry = read.document.entry
        name = .entry(read.document.id)
        author = entry.author
        time = entry.authorTime
        self.body = body
        step = .ladder(.unknown)
        take(read.document.status)
    }

    /// The id, once the entry is signed.
    var id: Digest? {
        if case .entry(let id) = name { id } else { nil }
    }

    /// Takes in where a node says the entry stands.
    mutating func take(_ status: EntryStatusDocument?) {
        guard let status else { return }
        step = .ladder(status.status)
        depth = status.depth
        place = status.place
    }
}

extension ChatItem.Body {
    fileprivate init?(_ read: ReadEntry, for me: VerifyingKey) {
        let entry = read.document.entry
        switch read.reading {
        case .message(let content):
            guard let body = Self(content) else { return nil }
            self = body
        case .sealed: self = .notice("wrote something under a secret that you do not have")
        case .unreadable: self = .notice("wrote something that cannot be read")
        case .control: self = .notice(Self.event(entry, for: me))
        }
    }

    private init?(_ content: MessageContent) {
        switch content {
        case .text(let text): self = .said(text)
        case .reply(let entry, let text): self = .reply(to: entry, text)
        case .reaction(let entry, let text): self = .reaction(to: entry, text)
        case .correction(let entry, let text): self = .correction(of: entry, text)
        case .filePart(let bytes): self = .notice("sent \(bytes.count) bytes of a file")
        case .profile(let profile): self = .named(profile.name)
        case .epoch: return nil
        }
    }

    private static func event(_ entry: Entry, for me: VerifyingKey) -> String {
        switch entry.kind {
        case .message: return "wrote something that cannot be read"
        case .open: return "opened the meeting"
        case .join: return "joined"
        case .admit:
            let count = (try? AdmitList(decoding: entry.payload))?.keys.count ?? 0
            return "let \(people(count)) write"
        case .revoke:
            guard let revocation = try? Revocation(decoding: entry.payload) else { return "…" }
            let count = revocation.keys.count
            guard revocation.keys.contains(me) else {
                return count == 0 ? "renewed the secret" : "shut \(people(count)) out"
            }
            let end = "shut you out: you cannot write here any more"
            return revocation.readCheck.isZero ? end : end + ", nor read what is said from now on"
        case .close: return "ended the meeting"
        case .approve: return "signed the minutes"
        }
    }

    private static func people(_ count: Int) -> String {
        count == 1 ? "one author" : "\(count) authors"
    }
}
