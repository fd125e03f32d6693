import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiNode
import PhiWire

/// A node's core with a store and without sockets, carried out as the daemon does it.
actor Party {
    /// A message as it would be on the wire.
    struct Parcel: Sendable {
        let type: UInt8
        let body: [UInt8]
    }

    /// Work beside the core.
    private enum Job: Sendable {
        case judge(RequestToken, [Entry], [Digest: VerifyingKey])
        case resume
    }

    /// How long the core was busy with what, in seconds.
    struct Effort: Sendable {
        var steps = 0.0
        var commits = 0.0
        var encoding = 0.0
    }

    private static let link: PeerHandle = 1

    /// What the other party shall get.
    nonisolated let outgoing: AsyncStream<Parcel>
    private let post: AsyncStream<Parcel>.Continuation
    private let jobs: AsyncStream<Job>
    private let book: AsyncStream<Job>.Continuation
    private let thread = PartyThread()
    private let store: LevelDBStore
    private let network: Network
    private var node: Node<LevelDBStore>
    private var goal: Digest?
    private(set) var effort = Effort()
    private(set) var failure: String?
    private var taken = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    init(store: LevelDBStore, network: Network, identity: VerifyingKey) throws {
        self.store = store
        self.network = network
        node = try Node(
            store: store,
            network: network,
            identity: identity,
            policy: .local,
            seed: 1
        )
        (outgoing, post) = AsyncStream.makeStream()
        (jobs, book) = AsyncStream.makeStream()
    }

    /// Starts the core without any other party.
    func start() { handle(.started(ownRecord: nil)) }

    /// Takes entries into the pool with one durable write.
    ///
    /// - Parameter entries: The entries, judged.
    /// - Throws: What the core said where it did not take all of them.
    func submit(_ entries: [ValidEntry]) throws {
        taken = 0
        handle(.submitted(entries.map { (token: 1, entry: $0) }))
        if let failure { throw MeasureFailure.refused(failure) }
        guard taken == entries.count else {
            throw MeasureFailure.refused("the pool took \(taken) of \(entries.count) entries")
        }
    }

    /// Starts the core and lets the other party in.
    func meet(_ other: VerifyingKey, isInbound: Bool) {
        handle(.started(ownRecord: nil))
        handle(.connected(Self.link, identity: other, isInbound: isInbound, address: nil))
    }

    /// Works until the tip has a given hash.
    func run(until goal: Digest) async {
        self.goal = goal
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                group.addTask { await self.perform(job) }
            }
        }
    }

    /// Takes the other party's messages in their order.
    nonisolated func receive(_ parcels: AsyncStream<Parcel>) async {
        for await parcel in parcels {
            do {
                let message = try Message.decode(
                    type: parcel.type,
                    body: parcel.body,
                    parameters: network.parameters
                )
                await handle(.received(Self.link, message))
            } catch { await fail("malformed message: \(error)") }
        }
    }

    /// Ends both streams.
    func stop() {
        book.finish()
        post.finish()
    }

    private nonisolated func perform(_ job: Job) async {
        switch job {
        case .resume: await handle(.resume)
        case .judge(let token, let entries, let linkKeys):
            let network = network
            let results = try? await Cores.map(entries) { part in
                part.map { entry -> Result<ValidEntry, EntryViolation> in
                    do throws(EntryViolation) {
                        return .success(
                            try ValidEntry(judging: entry, on: network, linkKeys: linkKeys)
                        )
                    } catch { return .failure(error) }
                }
            }
            await handle(.judged(token, results ?? []))
        }
    }

    private func fail(_ text: String) {
        failure = text
        stop()
    }

    private func handle(_ event: Event) {
        let watch = ContinuousClock.now
        let effects = node.step(event, at: WallClock.now)
        effort.steps += watch.duration(to: .now).inSeconds
        for effect in effects { carryOut(effect) }
        if let goal, node.status.tip.hash == goal { stop() }
    }

    private func carryOut(_ effect: Effect) {
        let watch = ContinuousClock.now
        switch effect {
        case .send(_, let message):
            post.yield(Parcel(type: message.type.rawValue, body: message.encodedBody()))
            effort.encoding += watch.duration(to: .now).inSeconds
        case .commit(let batch, let durable):
            do { try store.commit(batch, durable: durable) } catch { fail("\(error)") }
            effort.commits += watch.duration(to: .now).inSeconds
        case .judge(let token, let entries, let linkKeys):
            book.yield(.judge(token, entries, linkKeys))
        case .resume: book.yield(.resume)
        case .disconnect(_, let reason): fail("disconnected: \(reason)")
        case .halt(let reason): fail("halted: \(reason)")
        case .reply(_, .success): taken += 1
        case .reply(_, .failure(let refusal)): fail("refused: \(refusal)")
        case .dial, .pause, .notify, .wake, .templateChanged, .report: break
        }
    }
}
