import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

/// The rules of meetings said another way: each entry is judged from the list of all before it.
struct Oracle {
    struct Line {
        let kind: EntryKind
        let meeting: Digest
        let author: VerifyingKey
        let id: Digest
        let leaf: Digest
        let payload: Payload
        let height: UInt64
    }

    let parameters: NetworkParameters
    private(set) var log: [Line] = []

    init(parameters: NetworkParameters) {
        self.parameters = parameters
    }

    /// Writes an entry down that was taken.
    mutating func record(_ valid: ValidEntry, at height: UInt32) {
        let entry = valid.entry
        log.append(
            Line(
                kind: entry.kind,
                meeting: entry.meeting,
                author: entry.author,
                id: entry.id,
                leaf: entry.leaf,
                payload: valid.payload,
                height: UInt64(height)
            )
        )
    }

    /// Whether an entry may stand at a height after all that was written down.
    func allows(_ valid: ValidEntry, at height: UInt32) -> Bool {
        let entry = valid.entry
        let now = UInt64(height)
        let anchor = UInt64(entry.anchorHeight.rawValue)
        guard anchor < now, now <= anchor + UInt64(parameters.expiry) else { return false }
        let own = log.filter { $0.meeting == entry.meeting && $0.author == entry.author }
        let isNext = entry.sequence == UInt64(own.count) && entry.previous == own.last?.id ?? .zero
        guard entry.kind != .open else {
            return isNext && own.filter { $0.height + 8_640 > now }.count < 8
        }
        guard let open = log.first(where: { $0.id == entry.meeting && $0.kind == .open }),
            case .open(let terms) = open.payload
        else { return false }
        let meeting = Meeting(open: open, terms: terms, lines: log.filter { $0.meeting == open.id })
        guard isNext, meeting.isOpen(at: now) != (entry.kind == .approve) else { return false }
        guard !meeting.revoked.contains(entry.author) else { return false }
        switch valid.payload {
        case .open: return false
        case .message: return meeting.hasWriter(entry.author)
        case .join(let admission):
            guard entry.sequence == 0 else { return false }
            guard terms.writing == .link else {
                return !admission.isSigned && meeting.hasWriter(entry.author)
            }
            return meeting.admits(entry.author, by: admission.signature)
        case .admit(let list):
            let taken = meeting.members.union(meeting.revoked).union([open.author])
            return entry.author == open.author && terms.writing == .named
                && taken.isDisjoint(with: list.keys)
        case .revoke(let revocation):
            let possible = meeting.members.union(meeting.lines.map(\.author))
                .subtracting([open.author])
            return entry.author == open.author && possible.isSuperset(of: revocation.keys)
                && (terms.writing == .link || revocation.linkKey.isZero)
        case .close: return entry.author == open.author
        case .approve(let approval):
            return meeting.isWithin(parameters.undoWindow, at: now)
                && !own.contains { $0.kind == .approve }
                && meeting.hasVoter(entry.author, hasWritten: !own.isEmpty)
                && approval.close == meeting.close?.id ?? .zero
                && approval.minutes == meeting.minutes
        }
    }
}

extension Oracle {
    /// What the list says about one meeting.
    struct Meeting {
        let open: Line
        let terms: MeetingTerms
        let lines: [Line]

        var close: Line? { lines.first { $0.kind == .close } }

        var end: UInt64? {
            close?.height ?? (terms.lifetime > 0 ? open.height + UInt64(terms.lifetime) : nil)
        }

        var revocations: [Revocation] {
            lines.compactMap {
                if case .revoke(let revocation) = $0.payload { revocation } else { nil }
            }
        }

        var revoked: Set<VerifyingKey> { Set(revocations.flatMap(\.keys)) }

        /// Who was let in and not shut out, the host apart.
        var members: Set<VerifyingKey> {
            let admitted = lines.flatMap { line -> [VerifyingKey] in
                switch line.payload {
                case .admit(let list): list.keys
                case .join: terms.writing == .link ? [line.author] : []
                default: []
                }
            }
            return Set(admitted).subtracting(revoked).subtracting([open.author])
        }

        var minutes: MinutesDigest {
            let leaves = [open.leaf] + lines.filter { $0.kind != .approve }.map(\.leaf)
            return MinutesDigest(
                count: UInt64(leaves.count),
                root: MerkleTree.root(ofLeaves: leaves)
            )
        }

        func isOpen(at now: UInt64) -> Bool {
            guard close == nil, let end else { return close == nil }
            return now <= end
        }

        func isWithin(_ window: UInt32, at now: UInt64) -> Bool {
            guard let end else { return false }
            return now <= end + UInt64(window)
        }

        func hasWriter(_ author: VerifyingKey) -> Bool {
            author == open.author || terms.writing == .anyone || members.contains(author)
        }

        func hasVoter(_ author: VerifyingKey, hasWritten: Bool) -> Bool {
            if author == open.author { return true }
            return terms.writing == .anyone ? hasWritten : members.contains(author)
        }

        func admits(_ author: VerifyingKey, by signature: Signature) -> Bool {
            let key = revocations.last?.linkKey ?? terms.linkKey
            let message = Array("phi/admit/1".utf8) + open.id.bytes + author.bytes
            return !key.isZero && key.isValid(signature, of: message)
        }
    }
}
