import Foundation
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiTesting
import Testing

@testable import PhiDaemon

/// A data folder with a chain of ten blocks, one message in each; removed at the end.
private final class Folder {
    let path = NSTemporaryDirectory() + "phi-rewind-\(UUID().uuidString)"
    let network = TestNetwork.make()
    let chain: TestChain

    init() throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
        var author = TestAuthor("host", on: network)
        let opening = author.open()
        var chain = TestChain(on: network)
        chain.append([opening])
        for number in 1..<10 {
            author.see(chain.tip)
            chain.append([author.message("message \(number)", in: opening.id)])
        }
        self.chain = chain
        try fill(try store())
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func store(_ name: String = "ledger") throws -> LevelDBStore {
        try LevelDBStore(path: path + "/" + name)
    }

    private func fill(_ store: LevelDBStore) throws {
        try StoreFormat.prepare(store, network: network)
        var ledger = try Ledger(opening: store, network: network)
        for block in chain.blocks.dropFirst() {
            let entries = try block.body.entries.map { try ValidEntry(judging: $0, on: network) }
            try store.commit(
                ledger.connect(block.header, entries: entries),
                durable: false
            )
        }
    }
}

@Suite("A rewind") struct RewindTests {
    @Test("leaves the chain as it was at the fork, and the later entries waiting")
    func rewinds() throws {
        let folder = try Folder()
        var heights: [Height] = []
        let evidence = try Rewind.run(
            in: folder.path,
            to: Height(4),
            progress: { heights.append($0) }
        )
        #expect(heights == (1...4).map { Height($0) })
        let store = try folder.store()
        let ledger = try Ledger(opening: store, network: folder.network)
        #expect(ledger.tip.hash == folder.chain.blocks[4].hash)
        #expect(ledger.history == folder.chain.blocks[4].history)
        let waiting = try PooledEntries(store, network: folder.network).all()
        #expect(waiting == folder.chain.blocks[5...].flatMap(\.body.entries))
        let old = try Ledger(
            opening: LevelDBStore(path: evidence),
            network: folder.network
        )
        #expect(old.tip.hash == folder.chain.tip.hash)
    }

    @Test("that was cut off between its two moves is finished at the next start")
    func interrupted() throws {
        let folder = try Folder()
        let places = LedgerPlaces(folder: folder.path)
        try FileManager.default.copyItem(atPath: places.ledger, toPath: places.draft)
        try FileManager.default.moveItem(atPath: places.ledger, toPath: places.evidence)
        _ = try DataFolder(folder.path)
        let ledger = try Ledger(opening: folder.store(), network: folder.network)
        #expect(ledger.tip.hash == folder.chain.tip.hash)
        #expect(!FileManager.default.fileExists(atPath: places.draft))
    }

    @Test("that was cut off before its moves leaves the ledger in place")
    func halfBuilt() throws {
        let folder = try Folder()
        let places = LedgerPlaces(folder: folder.path)
        try FileManager.default.createDirectory(
            atPath: places.draft,
            withIntermediateDirectories: true
        )
        _ = try DataFolder(folder.path)
        let tip = try Ledger(opening: folder.store(), network: folder.network).tip.hash
        #expect(tip == folder.chain.tip.hash)
    }
}

@Suite("A data folder") struct DataFolderTests {
    @Test("keeps the node's key and token, for the operator alone")
    func secrets() throws {
        let path = NSTemporaryDirectory() + "phi-folder-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try DataFolder(path)
        let seed = try first.identitySeed()
        let token = try first.rpcToken()
        #expect(seed.count == 32)
        #expect(token.utf8.count == 64)
        let second = try DataFolder(path)
        #expect(try second.identitySeed() == seed)
        #expect(try second.rpcToken() == token)
        for name in ["identity", "rpc.token"] {
            let mode =
                try FileManager.default
                .attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        let mode =
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test("refuses a damaged key instead of making a new one")
    func damaged() throws {
        let path = NSTemporaryDirectory() + "phi-folder-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try DataFolder(path)
        let made = FileManager.default.createFile(
            atPath: path + "/identity",
            contents: Data([1, 2, 3]),
            attributes: [.posixPermissions: 0o600]
        )
        #expect(made)
        #expect(throws: DamagedFile.self) { try folder.identitySeed() }
    }

    @Test("of another network or a newer program is refused before its store is opened")
    func claims() throws {
        let path = NSTemporaryDirectory() + "phi-folder-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try DataFolder(path)
        let network = TestNetwork.make()
        let other = TestNetwork.make(expiry: 99)
        try folder.check(network)
        try folder.claim(for: network)
        try folder.check(network)
        #expect(
            throws: StoreFailure.otherNetwork(
                found: network.chain.hex,
                expected: other.chain.hex
            )
        ) { try folder.check(other) }
        let newer = "\(Schema.currentVersion + 1) \(network.chain.hex)\n"
        try PrivateFile.replace(path + "/network", with: Array(newer.utf8))
        #expect(
            throws: StoreFailure.newerFormat(
                found: Schema.currentVersion + 1,
                supported: Schema.currentVersion
            )
        ) { try folder.check(network) }
        #expect(!FileManager.default.fileExists(atPath: folder.ledger))
    }

    @Test("remembers a branch that waits for the operator")
    func pending() throws {
        let path = NSTemporaryDirectory() + "phi-folder-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try DataFolder(path)
        #expect(folder.pendingReorganization == nil)
        let pending = PendingReorganization(block: SHA256.hash([1]), fork: Height(77))
        try folder.keep(pending)
        #expect(PendingReorganization.pending(in: path) == pending)
        try folder.clearPendingReorganization()
        #expect(folder.pendingReorganization == nil)
    }
}
