import PhiCrypto
import PhiLedger

/// Who may write, as far as the records themselves show it.
struct MinutesMembers: Sendable {
    let chain: Digest
    let meeting: Digest
    let host: VerifyingKey
    private let writing: WritingPolicy
    private var standing: [VerifyingKey: Standing] = [:]
    private var heads: [VerifyingKey: AuthorHead] = [:]

    private enum Standing {
        case member
        case revoked
    }

    init(opening envelope: ReceiptEnvelope, id: Digest, writing: WritingPolicy) {
        chain = envelope.chain
        meeting = id
        host = envelope.author
        self.writing = writing
    }

    /// Whether an author may approve.
    func isMember(_ author: VerifyingKey) -> Bool {
        if author == host { return true }
        switch (writing, standing[author]) {
        case (_, .revoked): return false
        case (.anyone, _): return heads[author] != nil
        case (.link, let standing), (.named, let standing): return standing == .member
        }
    }

    /// Judges a record after the `open` and takes in what it changes.
    mutating func take(
        _ envelope: ReceiptEnvelope,
        id: Digest,
        payload: Payload,
        index: UInt64
    ) throws(MinutesFailure) {
        guard envelope.chain == chain else { throw .otherChain(index: index) }
        if case .open = payload { throw .misplacedOpen(index: index) }
        guard envelope.meeting == meeting else { throw .otherMeeting(index: index) }
        let author = envelope.author
        let head = heads[author] ?? .first
        guard envelope.sequence == head.sequence, envelope.previous == head.previous,
            head.sequence < .max
        else { throw .notLinked(index: index, expected: head.sequence) }
        guard allows(payload, by: author, head: head) else {
            if case .approve = payload { throw .approvalAsRecord(index: index) }
            throw .notAllowed(index: index)
        }
        heads[author] = AuthorHead(sequence: head.sequence + 1, previous: id)
        switch payload {
        case .join: if writing == .link { standing[author] = .member }
        case .admit(let list): for key in list.keys { standing[key] = .member }
        case .revoke(let list): for key in list.keys { standing[key] = .revoked }
        case .message, .open, .close, .approve: break
        }
    }

    private func allows(_ payload: Payload, by author: VerifyingKey, head: AuthorHead) -> Bool {
        guard standing[author] != .revoked else { return false }
        switch payload {
        case .open, .approve: return false
        case .admit(let list):
            return author == host && writing == .named
                && list.keys.allSatisfy { $0 != host && standing[$0] == nil }
        case .revoke(let list): return author == host && !list.keys.contains(host)
        case .close: return author == host
        case .join:
            guard head.sequence == 0 else { return false }
            return author == host || writing != .named || standing[author] == .member
        case .message:
            return author == host || writing == .anyone || standing[author] == .member
        }
    }
}
