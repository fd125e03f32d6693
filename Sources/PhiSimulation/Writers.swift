import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

/// Authors who write entries of every kind at random, some of them without a place.
struct Writers {
    /// A meeting that was opened.
    private struct Meeting {
        let id: Digest
        let host: Int
        let link: SimulatedKey?
    }

    private let network: Network
    private let keys: [SimulatedKey]
    private var meetings: [Meeting] = []
    private var salts: UInt64 = 0
    private var opened: (id: Digest, meeting: Meeting)?
    var chance: SeededChance

    init(_ scenario: Scenario, on network: Network) {
        self.network = network
        keys = (0..<scenario.authors).map { SimulatedKey("author \($0)") }
        chance = SeededChance(seed: scenario.seed, for: .writing)
    }

    /// A meeting that was opened, if one was.
    var anyMeeting: Digest? { meetings.last?.id }

    private mutating func salt() -> [UInt8] {
        salts += 1
        var bytes: [UInt8] = []
        bytes.append(littleEndian: salts)
        return Array(SHA256.hash(bytes).bytes.prefix(Entry.saltByteCount))
    }

    /// What an author writes who sees what a node has.
    mutating func write(seeing node: Node<SimulatedDisk>, _ disk: SimulatedDisk) -> Entry? {
        let author = chance.index(keys.count)
        let chain = ChainReader(disk, network: network)
        let kind: EntryKind
        let meeting: Digest
        let payload: [UInt8]
        if meetings.isEmpty || (meetings.count < 4 && chance.percent(20)) || chance.percent(4) {
            let terms = terms()
            (kind, meeting, payload) = (.open, .zero, terms.payload)
            guard let entry = entry(kind, author, meeting, payload, node, chain) else { return nil }
            let found = Meeting(id: entry.id, host: author, link: terms.link)
            opened = (entry.id, found)
            return entry
        }
        let place = meetings[meetings.count - 1 - chance.index(min(4, meetings.count))]
        (kind, payload) = action(author, in: place, seeing: chain)
        return entry(kind, author, place.id, payload, node, chain)
    }

    /// Takes a meeting as opened whose first entry was accepted.
    mutating func accepted(_ id: Digest) {
        guard let opened, opened.id == id else { return }
        meetings.append(opened.meeting)
    }

    private mutating func terms() -> (payload: [UInt8], link: SimulatedKey?) {
        let writing = chance.pick([WritingPolicy.anyone, .anyone, .link, .named])
        let link = writing == .link ? SimulatedKey("link \(salts)") : nil
        let terms = MeetingTerms(
            salt: salt(),
            reading: .everyone,
            writing: writing,
            linkKey: link?.verifyingKey ?? .zero,
            readCheck: .zero,
            lifetime: chance.percent(20) ? UInt32(chance.draw(5...30)) : 0,
            title: Array("meeting".utf8)
        )
        return (terms.encoded, link)
    }

    private mutating func action(
        _ author: Int,
        in meeting: Meeting,
        seeing chain: ChainReader<SimulatedDisk>
    ) -> (EntryKind, [UInt8]) {
        let other = keys[chance.index(keys.count)].verifyingKey
        switch chance.index(author == meeting.host ? 20 : 14) {
        case 0, 1:
            let message = Admission.message(
                meeting: meeting.id,
                author: keys[author].verifyingKey
            )
            let none = Signature(reading: Array(repeating: 0, count: Signature.byteCount), at: 0)
            let admission = Admission(
                salt: salt(),
                signature: meeting.link?.sign(message) ?? none,
                agreementKey: .zero
            )
            return (.join, admission.encoded)
        case 2:
            let state = (try? chain.meeting(meeting.id)) ?? nil
            let approval = Approval(
                salt: salt(),
                close: state?.close ?? .zero,
                minutes: state?.minutes ?? MinutesDigest(count: 0, root: .zero)
            )
            return (.approve, approval.encoded)
        case 14, 15, 16: return (.admit, AdmitList(salt: salt(), keys: [other]).encoded)
        case 17:
            let revocation = Revocation(
                salt: salt(),
                keys: [other],
                linkKey: meeting.link?.verifyingKey ?? .zero,
                readCheck: .zero
            )
            return (.revoke, revocation.encoded)
        case 18 where chance.percent(30): return (.close, salt())
        default:
            let text = Array(repeating: UInt8(97), count: chance.index(200))
            return (.message, salt() + [1] + text)
        }
    }

    private mutating func entry(
        _ kind: EntryKind,
        _ author: Int,
        _ meeting: Digest,
        _ payload: [UInt8],
        _ node: Node<SimulatedDisk>,
        _ chain: ChainReader<SimulatedDisk>
    ) -> Entry? {
        let key = keys[author].verifyingKey
        let waiting = node.pooled(.author(key)).map(\.valid.entry)
            .filter { $0.meeting == meeting }.max { $0.sequence < $1.sequence }
        let slot = AuthorSlot(meeting: meeting, author: key)
        guard let tip = try? chain.tip(), let state = try? chain.author(slot) ?? AuthorState()
        else { return nil }
        let draft = EntryDraft(
            kind: kind,
            chain: network.chain,
            meeting: meeting,
            author: key,
            sequence: waiting.map { $0.sequence + 1 } ?? state.nextSequence,
            previous: waiting?.id ?? state.lastID,
            anchorHeight: tip.height,
            anchorTail: AnchorTail(of: tip.hash),
            authorTime: network.genesis.time,
            payload: payload
        )
        return sealed(draft, by: author)
    }

    /// A draft with its author's signature and a stamp, sometimes of more work than it needs.
    mutating func sealed(_ draft: EntryDraft, by author: Int) -> Entry? {
        let least = Stamp.minimumWork(
            kind: draft.kind,
            sequence: draft.sequence,
            payloadByteCount: UInt32(draft.payload.count),
            parameters: network.parameters
        )
        let work = least * (chance.percent(20) ? chance.draw(1...4) : 1)
        guard let nonce = Stamp.search(id: draft.id, work: work, in: 0..<(1 << 40)) else {
            return nil
        }
        return draft.assembled(
            signature: keys[author].sign(draft.signedMessage),
            work: work,
            nonce: nonce
        )
    }
}

extension World {
    /// Somebody writes an entry to a node.
    mutating func write() {
        guard isWriting else { return }
        let wait = writers.chance.delay(mean: scenario.writingInterval) + 1
        queue.add(.write, at: now.adding(milliseconds: min(wait, 60_000)))
        let index = writers.chance.index(members.count)
        guard !members[index].isBusy, let entry = compose(at: index) else { return }
        guard case .success(let valid) = judge(entry) else { return }
        nextToken += 1
        tally.submitted += 1
        checker.submitted(nextToken, valid.id)
        tell(index, .submitted([(token: nextToken, entry: valid)]))
        if checker.wasAccepted(valid.id) { writers.accepted(valid.id) }
    }

    private mutating func compose(at index: Int) -> Entry? {
        guard let node = members[index].node else { return nil }
        return writers.write(seeing: node, members[index].disk)
    }
}
