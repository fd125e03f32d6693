#if os(Linux)
    import Foundation
    import Glibc
    import PhiChain
    import PhiLevelDB
    import Testing

    @Suite("A store on a full disk") struct FullDiskTests {
        @Test("refuses writes, keeps what it had, and goes on once there is room")
        func fullDisk() throws {
            let folder = try TemporaryFolder()
            guard let disk = try SmallDisk(folder.path(of: "disk"), mebibytes: 4) else { return }
            defer { disk.unmount() }
            let path = folder.path(of: "disk/store")
            var count: UInt64 = 0
            do {
                let store = try LevelDBStore(path: path)
                var failure: StoreFailure?
                while failure == nil, count < 1000 {
                    do throws(StoreFailure) {
                        try store.commit(KilledProcessTests.numbered(count), durable: true)
                        count += 1
                    } catch {
                        failure = error
                    }
                }
                let first = try #require(failure)
                guard case .inputOutput(let detail) = first else {
                    Issue.record("found \(first)")
                    return
                }
                #expect(detail.contains("No space left on device"))
                #expect(count > 100)
                #expect(try KilledProcessTests.wholeBatches(in: store) == count)

                #expect(throws: first) { try store.commit(batch([("a", "b")]), durable: false) }
                disk.resize(mebibytes: 64)
                #expect(throws: first) { try store.commit(batch([("a", "b")]), durable: true) }
                #expect(try KilledProcessTests.wholeBatches(in: store) == count)
            }
            let store = try LevelDBStore(path: path)
            #expect(try KilledProcessTests.wholeBatches(in: store) == count)
            try store.commit(KilledProcessTests.numbered(count), durable: true)
            #expect(try KilledProcessTests.wholeBatches(in: store) == count + 1)
        }

        @Test("does not open while the disk is full, and has lost nothing once there is room")
        func openingWithoutRoom() throws {
            let folder = try TemporaryFolder()
            guard let disk = try SmallDisk(folder.path(of: "disk"), mebibytes: 4) else { return }
            defer { disk.unmount() }
            let path = folder.path(of: "disk/store")
            do {
                let store = try LevelDBStore(path: path)
                for number in 0..<150 as Range<UInt64> {
                    try store.commit(KilledProcessTests.numbered(number), durable: true)
                }
            }
            for _ in 0..<2 {
                let failure = #expect(throws: StoreFailure.self) { try LevelDBStore(path: path) }
                guard case .inputOutput = failure else {
                    Issue.record("found \(String(describing: failure))")
                    return
                }
            }
            disk.resize(mebibytes: 64)
            let store = try LevelDBStore(path: path)
            #expect(try KilledProcessTests.wholeBatches(in: store) == 150)
        }
    }

    /// A disk in memory, small enough to be filled.
    private struct SmallDisk {
        private let path: String

        /// Mounts the disk, or returns nil where this process may not.
        init?(_ path: String, mebibytes: Int) throws {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: false
            )
            guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m") == 0 else {
                FileHandle.standardError.write(
                    Data("SKIPPED: no right to mount a disk, the full disk was not tried.\n".utf8)
                )
                return nil
            }
            self.path = path
        }

        func resize(mebibytes: Int) {
            let flags = UInt(MS_REMOUNT)
            let status = unsafe mount("tmpfs", path, "tmpfs", flags, "size=\(mebibytes)m")
            #expect(status == 0)
        }

        func unmount() { unsafe umount2(path, Int32(MNT_DETACH)) }
    }
#endif
