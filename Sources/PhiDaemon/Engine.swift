import Logging
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiNode
import PhiTransport
import PhiWire
import ServiceLifecycle

/// The one owner of the node's core: tells it what happens and carries out what it wants.
///
/// Peers' tasks wait for their turn here, so that a peer which is not listened to fills its own
/// socket and nothing else.
actor Engine: Service {
    /// Work that the engine gives to tasks of its own.
    private enum Job: Sendable {
        case judge(RequestToken, [Entry], [Digest: VerifyingKey])
        case wake(Timestamp)
        case resume
        case flush
        case dial(PhiWire.PeerAddress, VerifyingKey?)
    }

    private let thread: StoreThread
    nonisolated let store: LevelDBStore
    nonisolated let network: Network
    nonisolated let telemetry: Telemetry
    nonisolated let clock: WallClock
    private let events: LedgerEvents
    private let logger: Logger
    private let peerLimit: Int
    private var node: Node<LevelDBStore>
    private var connections: [PeerHandle: PeerConnection] = [:]
    private var peerNetwork: PeerNetwork?
    private var submissions: [(token: RequestToken, entry: ValidEntry)] = []
    private var waiting: [RequestToken: CheckedContinuation<Result<Digest, SubmitRefusal>, Never>] =
        [:]
    private var nextToken: RequestToken = 0
    private var haltReason: HaltReason?
    private var isStarted = false
    private var peerLines = LogBudget(at: WallClock().now)
    private let jobs: AsyncStream<Job>
    private let book: AsyncStream<Job>.Continuation
    /// Counts how often a miner's work has changed.
    nonisolated let templates = TemplateSignal()

    /// Submissions that wait for their turn at most.
    private static let submissionLimit = 8_192

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    /// An engine around a node that was made over the same store.
    init(
        node: consuming sending Node<LevelDBStore>,
        store: LevelDBStore,
        network: Network,
        events: LedgerEvents,
        telemetry: Telemetry,
        peerLimit: Int,
        clock: WallClock,
        logger: Logger
    ) {
        self.node = node
        self.peerLimit = peerLimit
        self.store = store
        self.network = network
        self.events = events
        self.telemetry = telemetry
        self.clock = clock
        self.logger = logger
        thread = StoreThread()
        (jobs, book) = AsyncStream.makeStream()
    }

    /// Gives the engine the network that it sends through; before `run`.
    func attach(_ network: PeerNetwork) {
        peerNetwork = network
    }

    /// Carries out the node's wishes until the group shuts down or the node cannot go on.
    func run() async throws {
        let network = network
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await job in self.jobs {
                    group.addTask { await self.perform(job, network) }
                }
                group.cancelAll()
            }
        }
        refuseWaiting()
        if let haltReason { throw NodeHalted(reason: haltReason) }
    }

    private nonisolated func perform(_ job: Job, _ network: Network) async {
        switch job {
        case .judge(let token, let entries, let linkKeys):
            let verdicts = await Judge.judge(entries, linkKeys: linkKeys, on: network)
            await handle(.judged(token, verdicts))
        case .wake(let time):
            let wait = time.since(clock.now)
            try? await Task.sleep(for: .milliseconds(wait))
            guard !Task.isCancelled else { return }
            await handle(.tick)
        case .resume: await handle(.resume)
        case .flush: await flush()
        case .dial(let address, let key):
            await dial(address, key)
        }
    }

    private func dial(_ address: PhiWire.PeerAddress, _ key: VerifyingKey?) {
        let target = PhiTransport.PeerAddress(host: address.host, port: address.port)
        peerNetwork?.dial(target, expecting: key)
    }

    /// Tells the node one thing and carries out what it answers.
    func handle(_ event: Event) {
        guard haltReason == nil else { return }
        for effect in node.step(event, at: clock.now) {
            carryOut(effect)
            if haltReason != nil { return }
        }
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .send(let handle, let message): send(message, to: handle)
        case .disconnect(let handle, let reason):
            telemetry.countDisconnect(reason)
            connections.removeValue(forKey: handle)?.close(reason: "\(reason)")
        case .dial(let address, let key): book.yield(.dial(address, key))
        case .pause(let handle, let until):
            let wait = until.since(clock.now)
            connections[handle]?.pauseReading(for: .milliseconds(Int64(clamping: wait)))
        case .commit(let batch, let durable): commit(batch, durable: durable)
        case .judge(let token, let entries, let linkKeys):
            book.yield(.judge(token, entries, linkKeys))
        case .reply(let token, let answer):
            waiting.removeValue(forKey: token)?.resume(returning: answer)
        case .notify(let notice):
            telemetry.count(notice)
            events.publish([notice])
        case .wake(let time): book.yield(.wake(time))
        case .resume: book.yield(.resume)
        case .templateChanged: templates.advance()
        case .halt(let reason): halt(reason)
        case .report(let report): log(report)
        }
    }

    private func send(_ message: Message, to handle: PeerHandle) {
        guard let connection = connections[handle] else { return }
        let frame = Frame(type: message.type.rawValue, body: message.encodedBody())
        guard connection.send(frame) else {
            connections[handle] = nil
            telemetry.countFullQueue()
            connection.close(reason: "the send queue is full")
            return
        }
    }

    private func commit(_ batch: WriteBatch, durable: Bool) {
        do { try store.commit(batch, durable: durable) } catch { halt(.store(error)) }
    }

    private func halt(_ reason: HaltReason) {
        guard haltReason == nil else { return }
        haltReason = reason
        logger.critical("the node stops", metadata: ["reason": "\(reason)"])
        refuseWaiting()
        book.finish()
    }

    private func refuseWaiting() {
        let refusal = SubmitRefusal.store("the node is stopping")
        for token in waiting.keys.sorted() {
            waiting.removeValue(forKey: token)?.resume(returning: .failure(refusal))
        }
    }

    private func log(_ report: NodeReport) {
        switch report {
        case .reorganized(let depth, let fork):
            logger.notice(
                "the chain was reorganized",
                metadata: ["depth": "\(depth)", "fork": "\(fork)"]
            )
        case .invalidBlock(let hash, let failure):
            logPeer(
                .warning,
                "a block breaks a rule",
                metadata: ["block": "\(hash)", "failure": "\(failure)"]
            )
        case .discouraged(let handle, let what):
            telemetry.countMisbehavior(what)
            logPeer(
                .info,
                "a peer misbehaved",
                metadata: ["connection": "\(handle)", "behavior": "\(what)"]
            )
        case .limited(let handle, let kind):
            telemetry.countLimited(kind)
            logPeer(
                .info,
                "a peer sends too fast and is read more slowly",
                metadata: ["connection": "\(handle)", "class": "\(kind)"]
            )
        case .incident(let incident): telemetry.count(incident)
        }
    }

    /// Writes a line that peers can cause, as long as there are not too many of them.
    private func logPeer(
        _ level: Logger.Level,
        _ message: Logger.Message,
        metadata: Logger.Metadata
    ) {
        guard let unwritten = peerLines.admit(at: WallClock().now) else { return }
        var metadata = metadata
        if unwritten > 0 { metadata["unwritten"] = "\(unwritten)" }
        logger.log(level: level, message, metadata: metadata)
    }
}

extension Engine {
    /// Starts the node's core; until then no peer is taken.
    func start(ownRecord: NodeRecord?) {
        isStarted = true
        handle(.started(ownRecord: ownRecord))
    }

    /// Takes a new connection; false while the node is not started or stopping.
    func opened(_ connection: PeerConnection) -> Bool {
        guard isStarted, haltReason == nil else { return false }
        connections[connection.id] = connection
        let address = PhiWire.PeerAddress(connection.remoteAddress.description)
        handle(
            .connected(
                connection.id,
                identity: connection.remoteKey,
                isInbound: connection.direction == .inbound,
                address: address
            )
        )
        return connections[connection.id] != nil
    }

    /// Tells that a connection went away.
    func closed(_ connection: PeerConnection, _ departure: PeerDeparture) {
        connections[connection.id] = nil
        if case .violation(let violation) = departure {
            handle(.malformed(connection.id, violation.failure))
        } else if case .silent = departure {
            telemetry.countDisconnect(.timeout("silence"))
        }
        handle(.disconnected(connection.id))
    }

    /// Submits a judged entry and waits for the durable write.
    func submit(_ valid: ValidEntry) async -> Result<Digest, SubmitRefusal> {
        guard haltReason == nil else { return .failure(.store("the node is stopping")) }
        guard submissions.count < Self.submissionLimit else { return .failure(.busy) }
        nextToken += 1
        let token = nextToken
        return await withCheckedContinuation { continuation in
            waiting[token] = continuation
            submissions.append((token: token, entry: valid))
            if submissions.count == 1 { book.yield(.flush) }
        }
    }

    /// Hands all waiting submissions over at once, so that they share one durable write.
    private func flush() {
        let batch = submissions
        submissions = []
        guard !batch.isEmpty else { return }
        handle(.submitted(batch))
    }

    var status: NodeStatus {
        var status = node.status
        let policy = TransportPolicy()
        let links = connections.values
        status.memory.set(
            .sending,
            bytes: links.reduce(0) { $0 + $1.waitingBytes },
            limit: peerLimit * policy.sendQueueBytes
        )
        status.memory.set(
            .receiving,
            bytes: links.reduce(0) { $0 + $1.unreadBytes },
            limit: peerLimit * TransportPolicy.receivedBytes
        )
        return status
    }

    /// What the node knows of addresses, to be written down.
    var bookSnapshot: [UInt8] { node.bookSnapshot }

    /// Counts the changes of what must be written down at once.
    var anchorVersion: UInt64 { node.anchorVersion }

    /// Takes back what the node knew of addresses when it last ran; before `start`.
    func restore(book: [UInt8]) throws(AddressBookFailure) { try node.restore(book) }

    func pooled(_ query: PoolQuery) -> [PooledEntry] { node.pooled(query) }

    /// What a miner should work on, or nil when the node is not ready for one.
    func template() -> BlockTemplate? {
        guard haltReason == nil else { return nil }
        do { return try node.template(at: clock.now) } catch {
            halt(.store(error))
            return nil
        }
    }

    /// Ends the node's work as if the operator had asked for it.
    func finish() {
        book.finish()
    }
}

/// The node cannot go on.
struct NodeHalted: Error {
    let reason: HaltReason
}

extension NodeHalted: CustomStringConvertible {
    /// A sentence with the remedy.
    var description: String {
        switch reason {
        case .store(let failure):
            "the store can no longer be used: \(failure); nothing acknowledged is lost: free "
                + "space or mend the disk and start the node again"
        case .deepReorganization(let fork, let depth, let tip):
            "a heavier branch leaves the chain at height \(fork), \(depth) blocks below the tip, "
                + "deeper than undo data reaches; if you want to follow it, run: phi-ledger "
                + "chain accept-reorg \(tip.hex)"
        case .rewind(let height): "the chain has to be taken back to height \(height)"
        }
    }
}
