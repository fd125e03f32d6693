import Foundation
import PhiChain
import PhiLevelDB
import Testing

@Suite("The folder of an open store") struct LockTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path(of: "store")
    }

    @Test("is refused to a second store, and to a repair, in the same process")
    func sameProcess() throws {
        let store = try LevelDBStore(path: path)
        #expect(throws: StoreFailure.locked(path: path)) { try LevelDBStore(path: path) }
        #expect(throws: StoreFailure.locked(path: path)) { try LevelDBStore.repair(path: path) }
        try store.commit(batch([("still", "usable")]), durable: true)
    }

    @Test("is refused under another spelling and through a link")
    func otherSpelling() throws {
        let store = try LevelDBStore(path: path)
        let link = folder.path(of: "link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        for name in ["\(path)/", folder.path(of: "./store"), link] {
            #expect(throws: StoreFailure.locked(path: name)) { try LevelDBStore(path: name) }
        }
        try store.commit(batch([("still", "usable")]), durable: true)
    }

    @Test("is refused to another process, also after a second store was refused here")
    func otherProcess() async throws {
        let store = try LevelDBStore(path: path)
        for _ in 0..<2 {
            await #expect(processExitsWith: .success) { [path = path as String] in
                #expect(throws: StoreFailure.locked(path: path)) { try LevelDBStore(path: path) }
                #expect(throws: StoreFailure.locked(path: path)) {
                    try LevelDBStore.repair(path: path)
                }
            }
            #expect(throws: StoreFailure.locked(path: path)) { try LevelDBStore(path: path) }
        }
        try store.commit(batch([("still", "usable")]), durable: true)
    }

    @Test("is free again after the store is gone, for this process and others")
    func freed() async throws {
        for round in 0..<3 {
            _ = try LevelDBStore(path: path)
            await #expect(processExitsWith: .success) { [path = path as String] in
                _ = try LevelDBStore(path: path)
            }
            #expect(try LevelDBStore(path: path).contents().isEmpty, "round \(round)")
        }
    }
}
