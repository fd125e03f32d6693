import Logging
import PhiAPI
import PhiRPC
import ServiceLifecycle
import Synchronization

/// A node with few answers, whose events are put in by the test.
final class TestNode: Sendable {
    private struct State {
        var log: [LiveEvent] = []
        var sources: [EventStream.Source] = []
        var ended = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int = EventStream.standardCapacity) { self.capacity = capacity }

    /// How many subscribers have ended.
    var ended: Int { state.withLock { $0.ended } }

    /// How many subscribers there are.
    var subscribers: Int { state.withLock { $0.sources.count } }

    /// Tells everyone of one more event.
    func publish(padding: Int = 0) {
        let (event, sources) = state.withLock { state in
            let number = state.log.count + 1
            let json: JSON = [
                "number": .integer(Int64(number)),
                "padding": .string(String(repeating: "x", count: padding)),
            ]
            let event = LiveEvent(cursor: "c\(number)", json: json.serialized())
            state.log.append(event)
            return (event, state.sources)
        }
        for source in sources { _ = source.offer(event) }
    }

    private func subscribe(_ topic: Topic, _ cursor: String?) -> Result<EventStream, APIError> {
        guard topic == .blocks else { return .failure(.notFound("the topic")) }
        let (stream, source) = EventStream.make(capacity: capacity)
        source.onEnd { [self] in state.withLock { $0.ended += 1 } }
        state.withLock { state in
            let start = state.log.firstIndex { $0.cursor == cursor }.map { $0 + 1 }
            for event in state.log[(start ?? state.log.count)...] { _ = source.offer(event) }
            state.sources.append(source)
        }
        return .success(stream)
    }

    var backend: RPCBackend {
        RPCBackend(
            call: { method, parameters, caller in
                switch method {
                case "meeting.list":
                    try? await Task.sleep(for: .seconds(3_600))
                    return .failure(.internalFailure)
                case "chain.headers": return .success([UInt8](repeating: 0x31, count: 4_096))
                case "node.info":
                    let json: JSON = ["authorized": .bool(caller.isAuthorized)]
                    return .success(json.serialized())
                default: return .success(Array("{\"method\":\"\(method)\"}".utf8))
                }
            },
            subscribe: { [self] topic, cursor in subscribe(topic, cursor) },
            metrics: { "phi_up 1\n" },
            isHealthy: { (true, ["healthy": true]) },
            isReady: { (false, ["ready": false]) }
        )
    }
}

/// Runs a server for as long as a test needs it.
enum TestServer {
    static let token = "0123456789abcdef0123456789abcdef"

    /// Limits that no test meets by accident.
    static var limits: RPCLimits {
        var limits = RPCLimits()
        limits.requestsPerSecond = 1_000_000
        limits.requestBurst = 1_000_000
        return limits
    }

    /// Starts a server, gives its port to the body, and stops it in good order.
    static func run(
        _ node: TestNode = TestNode(),
        limits: RPCLimits = limits,
        configure: (inout RPCConfiguration) -> Void = { _ in },
        _ body:
            @escaping @Sendable (_ port: Int, _ stop: @escaping @Sendable () async -> Void)
            async throws -> Void
    ) async throws {
        var configuration = RPCConfiguration(token: token, limits: limits)
        configuration.networkPrefix = "phid"
        configuration.version = "1.2.3"
        configure(&configuration)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try RPCServer(
            configuration: configuration,
            backend: node.backend,
            logger: logger
        )
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body(try await server.port) { await group.triggerGracefulShutdown() }
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Runs a server for a test that does not stop it itself.
    static func run(
        _ node: TestNode = TestNode(),
        limits: RPCLimits = limits,
        configure: (inout RPCConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        try await run(node, limits: limits, configure: configure) { port, _ in
            try await body(port)
        }
    }
}
