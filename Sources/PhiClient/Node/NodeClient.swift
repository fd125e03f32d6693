import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import PhiAPI

/// Calls the methods of one node over HTTP.
///
/// A client lives as long as the closure of ``with(_:_:)``, so that no connection outlives it.
public struct NodeClient: Sendable {
    /// Which node is called, and how patiently.
    public struct Settings: Sendable {
        /// The node's address: `http://host:port` or `https://host:port`.
        public var address: String
        /// The token for methods that not everybody may call.
        public var token: String?
        /// How long one call may take.
        public var patience: Duration

        /// Settings for a node.
        public init(
            address: String,
            token: String? = nil,
            patience: Duration = .seconds(30)
        ) {
            self.address = address
            self.token = token
            self.patience = patience
        }
    }

    /// The most bytes of an answer that are read.
    static let answerByteLimit = 64 << 20

    /// Which node is called, and how patiently.
    public let settings: Settings
    let http: HTTPClient
    /// The address without a slash at its end.
    let base: String

    /// Makes a client, lends it to a closure and closes its connections afterwards.
    ///
    /// - Parameters:
    ///   - settings: Which node is called.
    ///   - body: What is done with the client.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws, or `malformedAddress`.
    public static func with<Result: Sendable>(
        _ settings: Settings,
        _ body: (NodeClient) async throws -> Result
    ) async throws -> Result {
        let base = try baseAddress(settings.address)
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let client = NodeClient(settings: settings, http: http, base: base)
        do {
            let result = try await body(client)
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    private init(settings: Settings, http: HTTPClient, base: String) {
        self.settings = settings
        self.http = http
        self.base = base
    }

    /// The node's address as it was given, without a slash at its end.
    public var address: String { base }

    /// Calls a method and answers its result as a tree.
    ///
    /// - Parameters:
    ///   - method: The method's name.
    ///   - parameters: Its parameters by name; absent ones are left out by the caller.
    /// - Returns: The result.
    /// - Throws: Why there is none.
    public func call(
        _ method: String,
        _ parameters: [(String, JSON)] = []
    ) async throws(ClientFailure) -> JSON {
        let call = RPCRequest(
            id: .integer(1),
            method: method,
            parameters: parameters.isEmpty ? nil : .object(parameters)
        )
        var writer = JSONWriter(capacity: 512)
        call.write(to: &writer)
        let (status, bytes) = try await post(writer.bytes)
        let json: JSON
        do {
            json = try JSON(
                parsing: bytes,
                limits: JSONLimits(byteCount: Self.answerByteLimit)
            )
        } catch {
            throw .notNode(address: base, reason: "HTTP status \(status), \(error)")
        }
        guard let response = RPCResponse(json) else {
            throw .notNode(address: base, reason: "HTTP status \(status), no JSON-RPC 2.0")
        }
        switch response.result {
        case .success(let value): return value
        case .failure(let error): throw .refused(error)
        }
    }

    /// Calls a method whose result is a document.
    ///
    /// - Parameters:
    ///   - method: The method's name.
    ///   - parameters: Its parameters by name.
    ///   - type: The type of the document.
    /// - Returns: The document.
    /// - Throws: Why there is none.
    public func document<Value: Document>(
        _ method: String,
        _ parameters: [(String, JSON)] = [],
        as type: Value.Type = Value.self
    ) async throws(ClientFailure) -> Value {
        let json = try await call(method, parameters)
        do { return try Value(json: json) } catch {
            throw .otherDocument(method: method, error)
        }
    }

    private func post(_ body: [UInt8]) async throws(ClientFailure) -> (UInt, [UInt8]) {
        var request = HTTPClientRequest(url: base + "/rpc")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if let token = settings.token {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let answer = try await http.execute(request, timeout: patience)
            let buffer = try await answer.body.collect(upTo: Self.answerByteLimit)
            return (answer.status.code, Array(buffer.readableBytesView))
        } catch { throw failure(for: error) }
    }

    var patience: TimeAmount { TimeAmount(settings.patience) }

    /// What a failure of the HTTP library means for the caller.
    func failure(for error: any Error) -> ClientFailure {
        if error is CancellationError { return .canceled }
        if error is NIOTooManyBytesError {
            return .notNode(address: base, reason: "an answer without end")
        }
        switch error as? HTTPClientError {
        case .deadlineExceeded?, .readTimeout?, .writeTimeout?:
            return .timedOut(address: base, milliseconds: settings.patience.milliseconds)
        case .connectTimeout?:
            return .unreachable(address: base, reason: "no connection in 5 s")
        case .cancelled?: return .canceled
        case .invalidURL?, .emptyHost?, .emptyScheme?:
            return .malformedAddress(base)
        default: return .unreachable(address: base, reason: Self.reason(of: error))
        }
    }

    private static func reason(of error: any Error) -> String {
        let text = String(describing: error)
        if text.contains("refused") { return "connection refused" }
        if text.contains("nknown host") || text.contains("ot known") || text.contains("lookup") {
            return "unknown host"
        }
        if text.contains("reset") || text.contains("remoteConnectionClosed") {
            return "connection closed"
        }
        return String(text.prefix(120))
    }

    private static func baseAddress(_ address: String) throws(ClientFailure) -> String {
        let trimmed = address.hasSuffix("/") ? String(address.dropLast()) : address
        let scheme = ["http://", "https://"].first { trimmed.lowercased().hasPrefix($0) }
        guard let scheme else { throw .malformedAddress(address) }
        let host = trimmed.dropFirst(scheme.count)
        let isPlain = host.utf8.allSatisfy { (33...126).contains($0) }
        guard !host.isEmpty, isPlain, !host.contains(where: { "/?#@".contains($0) }) else {
            throw .malformedAddress(address)
        }
        return trimmed
    }
}

extension Duration {
    /// The whole milliseconds, held within what a timer can wait.
    var milliseconds: Int64 {
        let seconds = min(max(components.seconds, 0), 1_000_000_000)
        return seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
