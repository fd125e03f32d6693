import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire

/// One node whose peers are played by a test.
struct TestBench {
    /// What the node wants to have judged.
    struct Question {
        let token: RequestToken
        let entries: [Entry]
        let linkKeys: [Digest: VerifyingKey]
    }

    let network: Network
    let store = MemoryStore()
    var node: Node<MemoryStore>
    var now: Timestamp
    /// Whether judges answer at once.
    var judgesAtOnce: Bool
    /// Whether the node waits for its next `resume`, and how often it wished for one.
    var holdsResume = false
    var heldResumes = 0
    /// Questions to the judges that wait.
    var questions: [Question] = []
    var sent: [(peer: PeerHandle, message: Message)] = []
    var ended: [PeerHandle: DisconnectReason] = [:]
    var dialed: [PeerAddress] = []
    var pauses: [(peer: PeerHandle, until: Timestamp)] = []
    var reports: [NodeReport] = []
    var replies: [Result<Digest, SubmitRefusal>] = []
    var notices: [LedgerNotice] = []
    var haltReason: HaltReason?

    /// A node that just started.
    ///
    /// - Parameters:
    ///   - network: The network.
    ///   - policy: The node's manners.
    ///   - promised: Entries that the node promised to keep when it last ran.
    ///   - book: The addresses that the node knew when it last ran.
    ///   - judgesAtOnce: Whether judges answer at once.
    /// - Throws: What keeps a node from starting.
    init(
        on network: Network = TestBench.network,
        policy: NodePolicy = TestSwarm.policy,
        promised: [Entry] = [],
        book: [UInt8]? = nil,
        judgesAtOnce: Bool = true
    ) throws {
        self.network = network
        self.judgesAtOnce = judgesAtOnce
        now = network.genesis.time.adding(milliseconds: 10_000_000)
        try StoreFormat.prepare(store, network: network)
        var batch = WriteBatch()
        for (index, entry) in promised.enumerated() {
            let valid = try ValidEntry(judging: entry, on: network)
            batch.promise(valid, arrival: UInt64(index))
        }
        store.commit(batch, durable: true)
        node = try Self.node(on: network, over: store, policy: policy)
        if let book { try node.restore(book) }
        step(.started(ownRecord: nil))
    }

    private static func node(
        on network: Network,
        over store: MemoryStore,
        policy: NodePolicy
    ) throws -> Node<MemoryStore> {
        try Node(
            store: store,
            network: network,
            identity: TestKey("bench").verifyingKey,
            policy: policy,
            seed: 1
        )
    }

    /// Ends the program without a word, and starts it again.
    mutating func restart(policy: NodePolicy = TestSwarm.policy) throws {
        node = try Self.node(on: network, over: store, policy: policy)
        step(.started(ownRecord: nil))
    }

    static let network = TestNetwork.make(expiry: 8_640, undoWindow: 1_000)

    mutating func step(_ event: Event) {
        var events = [event]
        while !events.isEmpty {
            for effect in node.step(events.removeFirst(), at: now) {
                switch effect {
                case .send(let peer, let message): sent.append((peer: peer, message: message))
                case .disconnect(let peer, let reason): ended[peer] = reason
                case .dial(let address, _): dialed.append(address)
                case .commit(let batch, let durable): store.commit(batch, durable: durable)
                case .judge(let token, let entries, let linkKeys):
                    let question = Question(token: token, entries: entries, linkKeys: linkKeys)
                    guard judgesAtOnce else {
                        questions.append(question)
                        continue
                    }
                    events.append(.judged(token, results(of: question)))
                case .reply(_, let result): replies.append(result)
                case .notify(let notice): notices.append(notice)
                case .resume where holdsResume: heldResumes += 1
                case .resume: events.append(.resume)
                case .halt(let reason): haltReason = reason
                case .pause(let peer, let until): pauses.append((peer: peer, until: until))
                case .report(let report): reports.append(report)
                case .wake, .templateChanged: break
                }
            }
        }
    }

    func results(of question: Question) -> [Result<ValidEntry, EntryViolation>] {
        question.entries.map { entry in
            Result { () throws(EntryViolation) in
                try ValidEntry(judging: entry, on: network, linkKeys: question.linkKeys)
            }
        }
    }

    /// Lets the judges answer what waits.
    mutating func answerQuestions() {
        let asked = questions
        questions = []
        for question in asked { step(.judged(question.token, results(of: question))) }
    }

    /// Lets time pass, with a tick in each second.
    mutating func wait(_ milliseconds: UInt64) {
        let end = now.adding(milliseconds: milliseconds)
        while now < end {
            now = min(end, now.adding(milliseconds: 1_000))
            step(.tick)
        }
    }

    /// Connects a peer without a word.
    mutating func connect(_ peer: PeerHandle, as name: String? = nil, isInbound: Bool = true) {
        step(
            .connected(
                peer,
                identity: TestKey(name ?? "peer \(peer)").verifyingKey,
                isInbound: isInbound,
                address: PeerAddress(version4: 0x0a00_0000 + UInt32(peer), port: 1)
            )
        )
    }

    /// Connects a peer that says hello, with the tip of a chain.
    mutating func greet(
        _ peer: PeerHandle,
        as name: String? = nil,
        isInbound: Bool = true,
        tip: TestBlock? = nil
    ) {
        connect(peer, as: name, isInbound: isInbound)
        receive(.hello(hello(tip: tip)), from: peer)
    }

    func hello(tip: TestBlock? = nil) -> Hello {
        hello(chain: network.chain, parameters: network.parameters, tip: tip)
    }

    func hello(chain: Digest, parameters: NetworkParameters, tip: TestBlock? = nil) -> Hello {
        Hello(
            chain: chain,
            parameters: parameters,
            tip: TipClaim(
                hash: tip?.hash ?? network.chain,
                height: tip?.height ?? .genesis,
                work: tip?.header.header.chainWork ?? network.genesis.chainWork
            ),
            payloadsFrom: .genesis,
            envelopesFrom: .genesis,
            minimumDensity: 0,
            observedAddress: PeerAddress(version4: 0, port: 0),
            record: nil
        )
    }

    mutating func receive(_ message: Message, from peer: PeerHandle) {
        step(.received(peer, message))
    }

    mutating func submit(_ entry: Entry) throws -> Result<Digest, SubmitRefusal> {
        let valid = try ValidEntry(judging: entry, on: network)
        step(.submitted([(token: RequestToken(1), entry: valid)]))
        return replies.removeLast()
    }

    /// Finds a block on the tip at the present time.
    @discardableResult
    mutating func mine() throws -> [ValidEntry]? {
        now = now.adding(milliseconds: 100)
        step(.tick)
        guard let template = try node.template(at: now) else { return nil }
        let header = TestNetwork.mined(template.header, target: template.target)
        step(.mined(header, template.entries))
        return template.entries
    }

    /// The messages of one type to a peer so far, which are forgotten.
    mutating func take(_ type: MessageType, to peer: PeerHandle) -> [Message] {
        let found = sent.filter { $0.peer == peer && $0.message.type == type }.map(\.message)
        sent.removeAll { $0.peer == peer && $0.message.type == type }
        return found
    }

    /// The headers of consecutive blocks as a peer sends them.
    static func headers(_ blocks: some Collection<TestBlock>, after parent: TestBlock) -> Message {
        var before = parent
        var items: [CompactHeader] = []
        for block in blocks {
            let compact = CompactHeader(
                block.header.header,
                after: before.header.header.time,
                minimumSpacing: block.spacing
            )
            guard let compact else { preconditionFailure("blocks follow one another") }
            items.append(compact)
            before = block
        }
        guard let start = parent.height.next else { preconditionFailure("chains are short") }
        return .headers(HeaderBatch(start: start, parent: parent.hash, items: items))
    }
}

extension TestBlock {
    /// The least spacing of the networks of these tests.
    fileprivate var spacing: UInt32 { TestBench.network.parameters.minimumSpacing }
}

extension TestChain {
    /// The headers above a height as a peer sends them.
    func message(above height: Height = .genesis) -> Message {
        TestBench.headers(blocks(above: height), after: blocks[Int(height.rawValue)])
    }
}
