import Logging
import ServiceLifecycle
import Synchronization

/// A part of the node that is started again when it fails, ever more patiently.
struct Supervised: Service {
    /// The longest wait before a part is started again, in seconds.
    private static let longestWait = 60

    private let name: String
    private let health: PartHealth
    private let logger: Logger
    private let body: @Sendable (_ attempt: Int) async throws -> Void

    /// A part that a closure runs until the group shuts down or it fails.
    ///
    /// The closure is told how often it was run before; `CannotStart` ends the whole node.
    init(
        _ name: String,
        health: PartHealth,
        logger: Logger,
        body: @escaping @Sendable (_ attempt: Int) async throws -> Void
    ) {
        self.name = name
        self.health = health
        self.logger = logger
        self.body = body
    }

    func run() async throws {
        var wait = 1
        var attempt = 0
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            health.tell(name, isRunning: true, failure: nil)
            do {
                try await body(attempt)
                return
            } catch let failure as CannotStart {
                throw failure.cause
            } catch {
                health.tell(name, isRunning: false, failure: "\(error)")
                logger.error(
                    "a part of the node failed and is started again",
                    metadata: ["part": "\(name)", "error": "\(error)", "seconds": "\(wait)"]
                )
            }
            let pause = Duration.seconds(wait)
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: pause) }
            attempt += 1
            wait = min(wait * 2, Self.longestWait)
        }
    }
}

/// A part could not even start, so that the operator has to do something.
struct CannotStart: Error {
    let cause: any Error
}

/// Which parts of the node run, for `node.health`.
public final class PartHealth: Sendable {
    /// The state of one part.
    public struct Part: Sendable {
        /// Whether the part runs.
        public var isRunning: Bool
        /// How often the part has failed.
        public var failures: Int
        /// What the last failure said.
        public var lastFailure: String?
    }

    private let parts = Mutex<[String: Part]>([:])

    /// A register with no parts.
    public init() {}

    /// The parts, in the order of their names.
    public var all: [(name: String, part: Part)] {
        parts.withLock { $0 }.sorted { $0.key < $1.key }.map { (name: $0.key, part: $0.value) }
    }

    func tell(_ name: String, isRunning: Bool, failure: String?) {
        parts.withLock { parts in
            var part = parts[name] ?? Part(isRunning: isRunning, failures: 0, lastFailure: nil)
            part.isRunning = isRunning
            if let failure {
                part.failures += 1
                part.lastFailure = failure
            }
            parts[name] = part
        }
    }
}
