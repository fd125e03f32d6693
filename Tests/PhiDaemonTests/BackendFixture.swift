import Foundation
import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiTesting
import Synchronization

@testable import PhiDaemon
@testable import PhiNode

/// A node without an engine: a chain in a store on disk, and a pool and answers that tests set.
final class BackendFixture {
    /// What the closures of the node read.
    final class World: Sendable {
        struct State {
            var pool: [PooledEntry] = []
            var sync = NodeStatus.Sync.synced
            var peers: [PeerStatus] = []
            var minimumDensity: UInt64 = 0
            var answer: Result<Digest, SubmitRefusal> = .failure(.busy)
            var miner = (isOn: false, duty: 100, hashRate: UInt64(0))
            var calls: [String] = []
        }

        let state = Mutex(State())
    }

    let network = TestNetwork.make()
    let path: String
    let store: LevelDBStore
    let world = World()
    let events: LedgerEvents
    var chain: TestChain
    var ledger: Ledger<LevelDBStore>

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "phi-backend-\(UUID().uuidString)")
        path = folder.path(percentEncoded: false)
        store = try LevelDBStore(path: path)
        try StoreFormat.prepare(store, network: network)
        ledger = try Ledger(opening: store, network: network)
        chain = TestChain(on: network)
        events = LedgerEvents(network: network)
        world.state.withLock { $0.peers = [Self.peer("peer")] }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func peer(_ name: String) -> PeerStatus {
        PeerStatus(
            connection: 1,
            identity: TestKey(name).verifyingKey,
            address: nil,
            isInbound: false,
            height: Height(3),
            pingMilliseconds: 5,
            since: TestNetwork.genesisTime
        )
    }

    func valid(_ entry: Entry) throws -> ValidEntry { try ValidEntry(judging: entry, on: network) }

    /// Mines and connects a block, and gives the notice of it.
    @discardableResult
    func add(_ entries: [Entry] = []) throws -> LedgerNotice {
        let block = chain.append(entries)
        let valid = try entries.map(valid)
        try store.commit(try ledger.connect(block.header, entries: valid), durable: false)
        return .connected(block.header, valid)
    }

    /// Takes the tip back, and gives the notice of it.
    @discardableResult
    func takeBack() throws -> LedgerNotice {
        let tip = ledger.tip
        let (batch, block) = try ledger.disconnect()
        try store.commit(batch, durable: false)
        chain = chain.cut(at: ledger.tip.header.height)
        return .disconnected(tip, block.body.entries)
    }

    /// Puts an entry into the pool, and gives the notice of it.
    @discardableResult
    func pool(_ entry: Entry, arrival: UInt64 = 1) throws -> LedgerNotice {
        let pooled = PooledEntry(
            valid: try valid(entry),
            arrival: arrival,
            since: TestNetwork.genesisTime,
            isOwn: true
        )
        world.state.withLock { $0.pool.append(pooled) }
        return .pooled(pooled)
    }

    var node: NodeAccess {
        let (store, network, world) = (store, network, world)
        @Sendable func note(_ call: String) { world.state.withLock { $0.calls.append(call) } }
        let tip = ledger.tip
        return NodeAccess(
            network: network,
            identity: TestKey("node").verifyingKey,
            snapshot: { ChainReader(store.snapshot(), network: network) },
            status: { world.state.withLock { Self.status($0, tip: tip) } },
            pool: { query in world.state.withLock { Self.select(query, from: $0.pool) } },
            submit: { _ in world.state.withLock { $0.answer } },
            addPeer: { host, port, key, way in note("add \(host) \(port) \(key != nil) \(way)") },
            removePeer: { $0 == TestKey("peer").verifyingKey },
            banPeer: { $0 == TestKey("peer").verifyingKey },
            setMiner: { isOn, duty in
                world.state.withLock { $0.miner = (isOn, duty ?? $0.miner.duty, 0) }
            },
            minerStatus: { world.state.withLock { $0.miner } },
            generate: { count in
                count == 2 ? .success([.zero, .zero]) : .failure(.notDevelopment)
            },
            acceptReorganization: { _ in .success(()) },
            stop: { note("stop") },
            listeningAddresses: { ["127.0.0.1:7447"] }
        )
    }

    private static func status(_ state: World.State, tip: ValidHeader) -> NodeStatus {
        NodeStatus(
            tip: tip,
            bestHeaderHeight: tip.header.height,
            sync: state.sync,
            pooledEntries: state.pool.count,
            pooledBytes: state.pool.count * 300,
            minimumDensity: state.minimumDensity,
            peers: state.peers,
            warnings: [],
            reorganizations: 0,
            deepestReorganization: 0
        )
    }

    private static func select(_ query: PoolQuery, from pool: [PooledEntry]) -> [PooledEntry] {
        switch query {
        case .entry(let id): pool.filter { $0.valid.id == id }
        case .meeting(let id):
            pool.filter { $0.valid.entry.meeting == id || $0.valid.id == id }
        case .author(let key): pool.filter { $0.valid.entry.author == key }
        case .all(let limit): Array(pool.prefix(limit))
        }
    }

    var methods: RPCMethods { RPCMethods(node: node, version: "1.0", events: events) }

    /// Calls a method as the server does.
    func call(
        _ method: String,
        _ parameters: JSON = [:]
    ) async throws -> Result<JSON, APIError> {
        let checked: Parameters
        do throws(APIError) {
            checked = try Parameters(
                parameters,
                for: try Methods.find(method),
                networkPrefix: network.prefix
            )
        } catch { return .failure(error) }
        switch await methods.call(method, checked) {
        case .success(let bytes):
            return .success(try JSON(parsing: bytes, limits: JSONLimits(byteCount: 1 << 26)))
        case .failure(let error): return .failure(error)
        }
    }

    /// Calls a method and reads the document that it answers with.
    func read<Value: Document>(
        _ method: String,
        _ parameters: JSON = [:],
        as type: Value.Type = Value.self
    ) async throws -> Value {
        try Value(json: try await call(method, parameters).get())
    }

    /// Calls a method that must fail.
    func failure(_ method: String, _ parameters: JSON = [:]) async throws -> APIError? {
        if case .failure(let error) = try await call(method, parameters) { error } else { nil }
    }
}

extension JSON {
    /// An identifier as callers write it.
    static func hex(_ value: some FixedBytes32) -> JSON { .string(value.hex) }
}
