import Foundation
import Testing

extension NodeProcessTests {
    @Suite("A node with scripted bad peers", .timeLimit(.minutes(3))) struct HostileTests {
        /// Behaviors that make sense on a network whose blocks take no work, and whether the node
        /// has to end their connections.
        private static let behaviors: [(name: String, isEnded: Bool)] = [
            ("garbage-before-hello", true), ("oversize-length", true), ("hello-twice", true),
            ("ping-flood", false), ("inventory-flood", false), ("invalid-signature", true),
            ("non-canonical", true), ("mutated-body", true), ("invalid-rule", true),
            ("stall", false),
        ]

        private let folder: NodeProcessFolder

        init() throws { folder = try NodeProcessFolder() }

        @Test("follows an honest peer all the same", arguments: behaviors)
        func follows(behavior: (name: String, isEnded: Bool)) async throws {
            let honest = try await NodeProcess(folder, "honest")
            let victim = try await NodeProcess(
                folder,
                "victim",
                network: "dev",
                "--peer",
                honest.address
            )
            try honest.generate(3)
            try await eventually("the honest peer's tip") { try victim.tip() == honest.tip() }
            let outcome = try await BadPeerProgram.play(behavior.name, against: victim)
            #expect(outcome["failure"] == .null)
            #expect(outcome["bytes_sent"].integer ?? 0 > 0)
            if behavior.isEnded { #expect(outcome["ended"].integer ?? 0 > 0) }
            try honest.generate(1)
            try await eventually("the honest peer's tip after \(behavior.name)") {
                try victim.tip() == honest.tip()
            }
            try await victim.stop()
            try await honest.stop()
        }
    }
}
