import Foundation
import Testing

extension NodeProcessTests {
    @Suite("A node that starts again", .timeLimit(.minutes(3))) struct RestartTests {
        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        @Test("has its chain, its identity and its token still")
        func restart() async throws {
            let first = try await NodeProcess(folder)
            try first.generate(20)
            let tip = try first.tip()
            let token = first.token
            try await first.stop()
            let second = try await NodeProcess(folder)
            #expect(try second.tip() == tip)
            #expect(second.identity == first.identity)
            #expect(second.token == token)
            for file in ["identity", "rpc.token"] {
                let place = folder.path(of: "data/" + file)
                let attributes = try FileManager.default.attributesOfItem(atPath: place)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
            try await second.stop()
        }

        @Test("has every message that it acknowledged before it was killed")
        func killed() async throws {
            let writer = try await NodeProcessWriter(folder)
            var node = try await NodeProcess(folder)
            try await writer.open(at: node)
            var acknowledged: [String] = []
            for cycle in 0..<6 {
                for number in 0...(cycle % 3) {
                    acknowledged.append(try await writer.send("\(cycle) \(number)", at: node))
                }
                if cycle.isMultiple(of: 2) { try node.generate(1) }
                try await node.crash()
                node = try await NodeProcess(folder)
                for entry in acknowledged {
                    let status = try node.call("entry.status", "{\"entry\":\"\(entry)\"}")
                    let known = ["sending", "pending", "recorded", "settled", "deep"]
                    #expect(known.contains(status["status"].text ?? ""), "\(status)")
                }
            }
            try node.generate(2)
            let page = try node.call(
                "meeting.history",
                "{\"meeting\":\"\(writer.meeting)\",\"direction\":\"forward\"}"
            )
            let recorded = page["entries"].list?.compactMap { $0["entry"].text } ?? []
            #expect(recorded == [writer.meeting] + acknowledged)
            try await node.stop()
            let verdict = try await folder.run([
                "chain", "verify", "--network", "dev", "--data", folder.path(of: "data"),
            ])
            #expect(verdict.status == 0, "\(verdict.errors)")
        }
    }
}
