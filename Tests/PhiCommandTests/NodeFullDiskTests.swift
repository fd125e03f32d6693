#if os(Linux)
    import Foundation
    import Glibc
    import Testing

    extension NodeProcessTests {
        @Suite("A node on a full disk", .timeLimit(.minutes(3))) struct FullDiskTests {
            private let folder: NodeProcessFolder

            init() throws { folder = try NodeProcessFolder() }

            /// Mounts a disk in memory; false, said loudly, where this process may not.
            private func mountDisk() throws -> Bool {
                let path = folder.path(of: "disk")
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: false
                )
                guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=8m") == 0 else {
                    FileHandle.standardError.write(
                        Data("SKIPPED: no right to mount a disk, no node filled one.\n".utf8)
                    )
                    return false
                }
                return true
            }

            /// Writes a file that leaves little of the disk.
            private func fill(leaving free: Int) throws {
                let disk = folder.path(of: "disk")
                let attributes = try FileManager.default.attributesOfFileSystem(forPath: disk)
                let size = try #require(attributes[.systemFreeSize] as? Int)
                try Data(count: max(0, size - free)).write(to: folder.file("disk/filler"))
            }

            @Test("ends with the reason and has everything acknowledged once there is room")
            func fullDisk() async throws {
                guard try mountDisk() else { return }
                defer { unsafe umount2(folder.path(of: "disk"), Int32(MNT_DETACH)) }
                let writer = try await NodeProcessWriter(folder)
                let node = try await NodeProcess(folder, "disk/data")
                try await writer.open(at: node)
                try fill(leaving: 96 << 10)
                let text = String(repeating: "All of it is kept. ", count: 600)
                var acknowledged: [String] = []
                while node.isRunning, acknowledged.count < 60 {
                    let ending = try await writer.attempt("\(acknowledged.count) \(text)", at: node)
                    guard ending.status == 0 else {
                        #expect(!ending.errors.isEmpty)
                        break
                    }
                    acknowledged.append(try #require(ending.document["entry"].text))
                }
                #expect((1..<60).contains(acknowledged.count))
                #expect(try await node.ended() == 1)
                let reason = try #require(node.log.split(separator: "\n").last)
                #expect(reason.contains("No space left on device"), "\(node.log)")
                #expect(reason.contains("start the node again"), "\(node.log)")

                let refused = try await folder.run([
                    "node", "run", "--network", "dev", "--data", folder.path(of: "disk/data"),
                    "--listen", "127.0.0.1:0", "--rpc", "127.0.0.1:0",
                ])
                #expect(refused.status == 1)
                #expect(refused.errors.contains("space"), "\(refused.errors)")

                try FileManager.default.removeItem(atPath: folder.path(of: "disk/filler"))
                let again = try await NodeProcess(folder, "disk/data")
                try again.generate(1)
                let page = try again.call(
                    "meeting.history",
                    "{\"meeting\":\"\(writer.meeting)\",\"direction\":\"forward\"}"
                )
                let recorded = page["entries"].list?.compactMap { $0["entry"].text } ?? []
                #expect(
                    Array(recorded.prefix(acknowledged.count + 1)) == [writer.meeting]
                        + acknowledged
                )
                try await again.stop()
            }
        }
    }
#endif
