import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Synchronization
import Testing

@testable import PhiDaemon
@testable import PhiNode

@Suite("The backend") struct BackendTests {
    /// Some value that a parameter's shape allows.
    private func sample(_ shape: ValueShape) -> JSON {
        switch shape {
        case .digest, .key: .hex(Digest.zero)
        case .block: 0
        case .integer(let range): .integer(range.lowerBound)
        case .boolean: true
        case .choice(let words): .string(words[0])
        case .base64: "AAAA"
        case .list: []
        case .work: "1"
        default: "127.0.0.1:7447"
        }
    }

    private static let elsewhere = ["rpc.discover", "subscribe", "unsubscribe"]

    @Test(
        "answers every declared method",
        arguments: Methods.all.map(\.name).filter { !elsewhere.contains($0) }
    )
    func dispatch(name: String) async throws {
        let fixture = try BackendFixture()
        let method = try Methods.find(name)
        let parameters = method.parameters.filter(\.isRequired).map { ($0.name, sample($0.shape)) }
        let error = try await fixture.failure(name, .object(parameters))
        #expect(error?.code != APIError.Code.methodNotFound)
        #expect(error?.code != APIError.Code.internalFailure)
        if RPCMethods.keystoreMethods.contains(name) {
            #expect(error?.code == APIError.Code.notAuthorized)
            #expect(error?.message.contains("--node-keystore") == true)
        }
    }

    @Test("tells about the node")
    func node() async throws {
        let fixture = try BackendFixture()
        try fixture.add()
        let info: NodeInfo = try await fixture.read("node.info")
        #expect(info.network == fixture.network)
        #expect(info.tip == TipDocument(fixture.ledger.tip.header))
        #expect(info.addresses == ["127.0.0.1:7447"])
        let health: NodeHealth = try await fixture.read("node.health")
        #expect(health.isHealthy)
        #expect(
            health.checks.map(\.name) == ["store", "engine", "sync", "peers", "memory", "warnings"]
        )
        fixture.world.state.withLock { $0.sync = .syncing }
        let behind: NodeHealth = try await fixture.read("node.health")
        #expect(!behind.isHealthy)
        #expect(await fixture.methods.health(.alive).isHealthy)
        #expect(try await fixture.call("node.stop") == .success(["done": true]))
        #expect(fixture.world.state.withLock { $0.calls } == ["stop"])
    }

    @Test("gives headers and blocks by height and hash, decoded and raw")
    func chain() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let open = ann.open()
        try fixture.add([open, ann.message("hello", in: open.id)])
        for _ in 0..<4 { try fixture.add() }
        let tip = fixture.ledger.tip
        #expect(try await fixture.read("chain.tip") == TipDocument(tip.header))
        let first = fixture.chain.blocks[1]
        for reference in [1, JSON.hex(first.hash)] {
            let parameters: JSON = ["block": reference]
            #expect(
                try await fixture.read("chain.header", parameters)
                    == HeaderDocument(first.block.header)
            )
            let block: BlockDocument = try await fixture.read("chain.block", parameters)
            guard case .entries(let entries) = block.contents else {
                Issue.record("the block is decoded")
                return
            }
            #expect(entries.map(\.entry) == first.body.entries)
            #expect(entries[1].isPublic)
        }
        let raw: BlockDocument = try await fixture.read("chain.block", ["block": 1, "form": "raw"])
        #expect(raw.contents == .body(first.body.encoded))
        let page: DocumentPage<HeaderDocument> = try await fixture.read(
            "chain.headers",
            ["from": 1, "limit": 3]
        )
        #expect(page.items.map(\.header) == Array(fixture.chain.headers[1...3]))
        #expect(page.next == "4")
        let rest: DocumentPage<HeaderDocument> = try await fixture.read(
            "chain.headers",
            ["from": 4]
        )
        #expect(rest.items.count == 2)
        #expect(rest.next == nil)
        for reference in [99, JSON.hex(Digest.zero)] {
            let error = try await fixture.failure("chain.block", ["block": reference])
            #expect(error?.code == APIError.Code.notFound)
        }
    }

    @Test("quotes and does the work of stamps")
    func stamps() async throws {
        let fixture = try BackendFixture()
        let least: StampQuote = try await fixture.read("stamp.quote", ["payloadBytes": 16])
        #expect(least == StampQuote(work: 1, poolWork: 1))
        fixture.world.state.withLock { $0.minimumDensity = 2 }
        let full: StampQuote = try await fixture.read("stamp.quote", ["payloadBytes": 16])
        #expect(full.poolWork == 2 * (284 + 16 + 1_024))
        var ann = TestAuthor("ann", on: fixture.network)
        let entry = ann.open()
        let stamped: StampedDocument = try await fixture.read(
            "stamp.work",
            ["entry": .string(Base64.encode(entry.bytes)), "work": "400"]
        )
        #expect(stamped.entry.id == entry.id)
        #expect(stamped.entry.stampWork == 1_024)
        #expect(try fixture.valid(stamped.entry).id == entry.id)
        let error = try await fixture.failure(
            "stamp.work",
            ["entry": .string(Base64.encode(entry.bytes)), "work": "ffffffffffff"]
        )
        #expect(error?.data?["rule"] == "stampWork")
    }

    @Test("lists peers and takes orders about them")
    func peers() async throws {
        let fixture = try BackendFixture()
        fixture.world.state.withLock { $0.peers = ["a", "b", "c"].map(BackendFixture.peer) }
        var keys: [VerifyingKey] = []
        var cursor: String?
        repeat {
            let parameters: JSON = ["limit": 2, "cursor": cursor.map(JSON.string) ?? .null]
            let page: DocumentPage<PeerDocument> = try await fixture.read("peer.list", parameters)
            keys += page.items.map(\.peer)
            cursor = page.next
        } while cursor != nil
        #expect(keys == ["a", "b", "c"].map { TestKey($0).verifyingKey }.sorted())
        let key = TestKey("peer").verifyingKey
        #expect(try await fixture.call("peer.ban", ["peer": .hex(key)]) == .success(["done": true]))
        let absent = try await fixture.failure("peer.remove", ["peer": .hex(Digest.zero)])
        #expect(absent?.code == APIError.Code.notFound)
        _ = try await fixture.call("peer.add", ["address": "[::1]:7447"])
        _ = try await fixture.call("peer.add", ["address": .string("\(key.hex)@host:1")])
        _ = try await fixture.call(
            "peer.add",
            ["address": .string("\(key.hex)@host:1"), "via": "link"]
        )
        #expect(
            fixture.world.state.withLock { $0.calls } == [
                "add ::1 7447 false manual", "add host 1 true manual", "add host 1 true link",
            ]
        )
    }

    @Test(
        "refuses an address that nobody can call",
        arguments: ["", "host", "host:0", "a:b:1", "@h:1"]
    )
    func address(text: String) async throws {
        let fixture = try BackendFixture()
        let error = try await fixture.failure("peer.add", ["address": .string(text)])
        #expect(error?.code == APIError.Code.invalidParameters)
    }

    @Test("sets the miner and mines on demand")
    func miner() async throws {
        let fixture = try BackendFixture()
        let set = try await fixture.call("miner.set", ["enabled": true, "dutyPercent": 25])
        #expect(set == .success(["enabled": true, "dutyPercent": 25]))
        #expect(fixture.world.state.withLock { $0.miner.duty } == 250)
        let made = try await fixture.call("miner.generate", ["blocks": 2])
        #expect(try made.get()["blocks"]?.array?.count == 2)
        let refused = try await fixture.failure("miner.generate", ["blocks": 1])
        #expect(refused?.data?["rule"] == "notDevelopment")
    }

    @Test("lists the pool in the order of arrival")
    func mempool() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let entries = [ann.open(), ann.open(), ann.open()]
        for (index, entry) in entries.enumerated() {
            try fixture.pool(entry, arrival: UInt64(index) * 3)
        }
        let info: MempoolInfo = try await fixture.read("mempool.info")
        #expect(info.entries == 3)
        var found: [Digest] = []
        var cursor: String?
        repeat {
            let parameters: JSON = ["limit": 2, "cursor": cursor.map(JSON.string) ?? .null]
            let page: DocumentPage<EntryDocument> = try await fixture.read(
                "mempool.list",
                parameters
            )
            found += page.items.map(\.id)
            #expect(page.items.allSatisfy { $0.status?.status == .pending })
            cursor = page.next
        } while cursor != nil
        #expect(found == entries.map(\.id))
    }
}
