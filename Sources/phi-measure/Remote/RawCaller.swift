import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PhiAPI
import PhiClient

/// Sends requests that are written beforehand, and looks at the answers as little as possible.
///
/// Client and node share the machine: what the client does not do is left to the node.
struct RawCaller: Sendable {
    private static let answerByteLimit = 16 << 20
    private static let success = Array("\"result\":".utf8)

    private let settings: NodeClient.Settings
    private let http: HTTPClient

    /// Makes a caller with so many connections, and closes them afterwards.
    static func with<Result: Sendable>(
        _ settings: NodeClient.Settings,
        connections: Int,
        _ body: (RawCaller) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(RawCaller(settings: settings, http: http))
            try await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// A call as it goes over the wire.
    static func request(_ method: String, _ parameters: [(String, JSON)] = []) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        RPCRequest(
            id: .integer(1),
            method: method,
            parameters: parameters.isEmpty ? nil : .object(parameters)
        ).write(to: &writer)
        return writer.bytes
    }

    /// Sends a request and answers the response's bytes.
    ///
    /// - Throws: What the node said where it says no.
    func call(_ request: [UInt8]) async throws -> [UInt8] {
        var message = HTTPClientRequest(url: settings.address + "/rpc")
        message.method = .POST
        message.headers.add(name: "Content-Type", value: "application/json")
        if let token = settings.token {
            message.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        message.body = .bytes(ByteBuffer(bytes: request))
        let answer = try await http.execute(message, timeout: .seconds(60))
        let buffer = try await answer.body.collect(upTo: Self.answerByteLimit)
        let bytes = Array(buffer.readableBytesView)
        guard answer.status == .ok, Self.isSuccess(bytes) else {
            throw MeasureFailure.refused(String(decoding: bytes.prefix(400), as: UTF8.self))
        }
        return bytes
    }

    /// Sends many requests, each connection one after another of its own, and takes the times.
    func time(_ requests: [[[UInt8]]]) async throws -> (latencies: Latencies, seconds: Double) {
        let watch = Stopwatch()
        let seconds = try await withThrowingTaskGroup(of: [Double].self) { group in
            for requests in requests {
                group.addTask {
                    var seconds: [Double] = []
                    seconds.reserveCapacity(requests.count)
                    for request in requests {
                        let start = ContinuousClock.now
                        _ = try await call(request)
                        seconds.append(start.duration(to: .now).inSeconds)
                    }
                    return seconds
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return (Latencies(seconds), watch.seconds)
    }

    private static func isSuccess(_ bytes: [UInt8]) -> Bool {
        let head = bytes.prefix(128)
        return head.indices.contains { head[$0...].starts(with: success) }
    }
}
