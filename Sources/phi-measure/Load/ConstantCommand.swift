import ArgumentParser
import Logging
import PhiAPI
import PhiRPC

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Serves one constant answer over the node's own HTTP server.
struct ConstantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "constant",
        abstract: "Answer every call with a constant over the node's HTTP server, until ended."
    )

    func run() async throws {
        let tip = Array(
            """
            {"block":"\(String(repeating: "0", count: 64))","height":1000,"time":1790000000000,\
            "chainWork":"\(String(repeating: "0", count: 32))"}
            """.utf8
        )
        var limits = RPCLimits()
        limits.requestsPerSecond = 1_000_000_000
        limits.requestBurst = 1_000_000_000
        let configuration = RPCConfiguration(limits: limits)
        let backend = RPCBackend(
            call: { _, _, _ in .success(tip) },
            subscribe: { _, _ in .failure(.internalFailure) },
            metrics: { "" },
            isHealthy: { (true, .null) },
            isReady: { (true, .null) }
        )
        let logger = Logger(label: "phi-measure") { _ in SwiftLogNoOpLogHandler() }
        let server = try RPCServer(configuration: configuration, backend: backend, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            print("{\"rpc\":\"http://127.0.0.1:\(try await server.port)\"}")
            fflush(nil)
            try await group.waitForAll()
        }
    }
}
