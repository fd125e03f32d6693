import Foundation
import PhiAPI
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiMeetings
import PhiNode
import PhiTesting

@testable import PhiDaemon

/// One node without peers that mines when it is told to, and keystores at it.
actor NodeKeystoreBench {
    nonisolated let network: Network
    nonisolated let store: LevelDBStore
    nonisolated let folder: String
    private var node: Node<LevelDBStore>
    private var clock: Timestamp
    private var token: RequestToken = 0
    private var replies: [RequestToken: Result<Digest, SubmitRefusal>] = [:]
    private var refusals: [SubmitRefusal] = []
    private var losses = 0
    private var passes = 0
    /// The entries that were submitted, in their order.
    private(set) var submitted: [Entry] = []

    init(expiry: UInt32 = 100) throws {
        network = TestNetwork.make(expiry: expiry)
        folder = FileManager.default.temporaryDirectory
            .appending(path: "phi-keystore-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false
        )
        store = try LevelDBStore(path: folder + "/ledger")
        try StoreFormat.prepare(store, network: network)
        node = try Node(
            store: store,
            network: network,
            identity: TestKey("node").verifyingKey,
            policy: .local,
            seed: 1
        )
        clock = network.genesis.time
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Refuses the submissions that come after so many with these reasons, one after another.
    func refuse(_ refusals: [SubmitRefusal], after count: Int = 0) {
        self.refusals = refusals
        passes = count
    }

    /// Answers as if it took the next entries, and loses them.
    func lose(_ count: Int) { losses = count }

    private func step(_ event: Event) throws {
        var events = [event]
        while !events.isEmpty {
            for effect in node.step(events.removeFirst(), at: clock) {
                switch effect {
                case .commit(let batch, let durable): try store.commit(batch, durable: durable)
                case .reply(let token, let result): replies[token] = result
                case .resume: events.append(.resume)
                default: continue
                }
            }
        }
    }

    func start() throws { try step(.started(ownRecord: nil)) }

    func submit(_ entry: Entry) -> Result<Digest, SubmitRefusal> {
        submitted.append(entry)
        if losses > 0 {
            losses -= 1
            return .success(entry.id)
        }
        if passes > 0 {
            passes -= 1
        } else if !refusals.isEmpty {
            return .failure(refusals.removeFirst())
        }
        do throws(EntryViolation) {
            let valid = try ValidEntry(judging: entry, on: network)
            token += 1
            do { try step(.submitted([(token: token, entry: valid)])) } catch {
                return .failure(.store("\(error)"))
            }
            return replies.removeValue(forKey: token) ?? .failure(.busy)
        } catch { return .failure(.violation(error)) }
    }

    func status() -> NodeStatus { node.status }

    func pooled(_ query: PoolQuery) -> [PooledEntry] { node.pooled(query) }

    /// Mines blocks with everything that waits.
    func mine(_ count: Int = 1) throws {
        for _ in 0..<count {
            clock = clock.adding(milliseconds: UInt64(network.parameters.blockInterval))
            try step(.resume)
            guard let template = try node.template(at: clock) else { continue }
            let header = TestNetwork.mined(template.header, target: template.target)
            try step(.mined(header, template.entries))
        }
    }

    nonisolated var access: NodeAccess {
        NodeAccess(
            network: network,
            identity: TestKey("node").verifyingKey,
            snapshot: { [store, network] in ChainReader(store.snapshot(), network: network) },
            status: { await self.status() },
            pool: { await self.pooled($0) },
            submit: { await self.submit($0) },
            addPeer: { _, _, _, _ in },
            removePeer: { _ in false },
            banPeer: { _ in false },
            setMiner: { _, _ in },
            minerStatus: { (isOn: false, duty: 1, hashRate: 0) },
            generate: { _ in .failure(.notDevelopment) },
            acceptReorganization: { _ in .success(()) },
            stop: {},
            listeningAddresses: { [] },
            introductions: { ["\(TestKey("node").verifyingKey.hex)@203.0.113.1:7181"] }
        )
    }

    nonisolated var chain: ChainReader<LevelDBSnapshot> {
        ChainReader(store.snapshot(), network: network)
    }

    /// A keystore of a name; the same name again is the same one after a restart.
    nonisolated func keystore(_ name: String) throws -> NodeKeystore {
        let place = folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: place,
            withIntermediateDirectories: true
        )
        return try NodeKeystore(
            folder: place,
            node: access,
            stampLimit: 8,
            now: { TestNetwork.genesisTime }
        )
    }

    /// The recorded entries of a meeting.
    nonisolated func entries(of meeting: Digest) throws -> [Entry] {
        try chain.history(HistoryQuery(.meeting(meeting), count: 500)).entries.map(\.entry)
    }
}

extension NodeKeystore {
    /// Calls a method with parameters as JSON has them.
    func call(_ method: String, _ parameters: JSON) async throws -> JSON {
        let declaration = try Methods.find(method)
        let values = try Parameters(
            parameters,
            for: declaration,
            networkPrefix: node.network.prefix
        )
        return try JSON(parsing: try await call(method, values))
    }

    /// Opens a meeting and answers its link.
    func create(_ parameters: JSON) async throws -> MeetingLink {
        let answer = try await call("meeting.create", parameters)
        let link = try MeetingLink(
            answer["link"]?.string ?? "",
            prefix: node.network.prefix
        )
        guard answer["meeting"]?.string == link.meeting.hex,
            answer["entry"]?.string == link.meeting.hex
        else { throw Missing() }
        return link
    }

    /// Says something and answers the entry's id.
    @discardableResult
    func say(_ text: String, in meeting: Digest) async throws -> Digest {
        let answer = try await call(
            "message.send",
            ["meeting": .string(meeting.hex), "text": .string(text)]
        )
        guard let id = Digest(hex: answer["entry"]?.string ?? "") else { throw Missing() }
        return id
    }

    /// The error of a call that must fail.
    func refusal(_ method: String, _ parameters: JSON) async throws -> APIError {
        do {
            _ = try await call(method, parameters)
        } catch let error as APIError { return error }
        throw Missing()
    }

    /// The author's key in a meeting.
    func key(in meeting: Digest) async throws -> VerifyingKey {
        let view = try await MeetingView(meeting, at: node)
        return try author(role(in: view))
    }
}

/// A value that a test needs is not there.
struct Missing: Error {}

extension APIError {
    /// The rule that was broken.
    var rule: String? { data?["rule"]?.string }
}
