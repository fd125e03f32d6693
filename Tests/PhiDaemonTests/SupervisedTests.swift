import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import PhiDaemon

private struct Mishap: Error {}

@Suite("A supervised part") struct SupervisedTests {
    @Test(
        "is started again after it failed, and the failure stays visible",
        .timeLimit(.minutes(1))
    )
    func restarts() async throws {
        let health = PartHealth()
        let attempts = Mutex<[Int]>([])
        let part = Supervised("part", health: health, logger: Logger(label: "test")) { attempt in
            attempts.withLock { $0.append(attempt) }
            if attempt == 0 { throw Mishap() }
        }
        try await part.run()
        #expect(attempts.withLock { $0 } == [0, 1])
        let found = try #require(health.all.first)
        #expect(found.name == "part")
        #expect(found.part.failures == 1)
        #expect(found.part.isRunning)
        #expect(found.part.lastFailure == "Mishap()")
    }

    @Test("that cannot even start ends the node with its cause")
    func cannotStart() async {
        let part = Supervised(
            "part",
            health: PartHealth(),
            logger: Logger(label: "test")
        ) { _ in throw CannotStart(cause: Mishap()) }
        await #expect(throws: Mishap.self) { try await part.run() }
    }
}
