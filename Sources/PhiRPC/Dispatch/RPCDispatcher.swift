import NIOCore
import PhiAPI

/// Turns the bytes of a request into the bytes of its answer.
struct RPCDispatcher: Sendable {
    /// Answers methods that belong to a connection rather than to the node.
    typealias Local = @Sendable (RPCRequest, Parameters) async -> Result<[UInt8], APIError>

    private let backend: RPCBackend
    private let configuration: RPCConfiguration
    private let limiter: RateLimiter
    private let discovery: [UInt8]
    private let access: AccessRules
    private let metrics: RPCMetrics

    init(
        backend: RPCBackend,
        configuration: RPCConfiguration,
        limiter: RateLimiter,
        discovery: [UInt8],
        metrics: RPCMetrics
    ) {
        self.backend = backend
        self.configuration = configuration
        self.limiter = limiter
        self.discovery = discovery
        self.metrics = metrics
        access = AccessRules(configuration: configuration)
    }

    /// Answers one text, or nothing where it holds notifications only.
    func answer(
        _ body: [UInt8],
        _ caller: Caller,
        local: Local = { request, _ in .failure(.onlyOverWebSocket(request.method)) }
    ) async -> [UInt8]? {
        let batch: RPCBatch
        do throws(APIError) {
            batch = try read(body)
        } catch {
            metrics.count(.failure)
            return RPCResponse.bytes(id: .null, result: .failure(error))
        }
        switch batch {
        case .single(let request):
            let (id, result) = await answer(request, caller, local)
            guard let id else { return nil }
            return RPCResponse.bytes(id: id, result: result)
        case .several(let requests):
            return await answer(requests, caller, local)
        }
    }

    /// How many milliseconds a caller has to wait, or nil when it may go on.
    func delay(_ caller: Caller, cost: Int) -> Int64? {
        guard caller.isMetered,
            let delay = limiter.take(cost, from: caller.meter, at: .now())
        else { return nil }
        metrics.count(.limited)
        return delay
    }

    private func read(_ body: [UInt8]) throws(APIError) -> RPCBatch {
        let json: JSON
        do {
            json = try JSON(
                parsing: body,
                limits: JSONLimits(byteCount: configuration.limits.bodyBytes)
            )
        } catch { throw .parse(error) }
        return try RPCBatch(json, limit: configuration.limits.batch)
    }

    private func answer(
        _ requests: [Result<RPCRequest, RefusedRequest>],
        _ caller: Caller,
        _ local: Local
    ) async -> [UInt8]? {
        var writer = JSONWriter(capacity: 4_096)
        writer.beginArray()
        var hasAnswers = false
        for request in requests {
            let isFull = writer.bytes.count > configuration.limits.batchAnswerBytes
            let (id, result) = isFull ? Self.full(request) : await answer(request, caller, local)
            guard let id else { continue }
            hasAnswers = true
            RPCResponse.write(id: id, result: result, to: &writer)
        }
        writer.endArray()
        return hasAnswers ? writer.bytes : nil
    }

    /// The answer to a request whose batch has grown too long.
    private static func full(
        _ request: Result<RPCRequest, RefusedRequest>
    ) -> (RequestID?, Result<[UInt8], APIError>) {
        let error = APIError.busy(
            retryAfterMilliseconds: 0,
            "The answers of this batch are too long; ask for the rest in another."
        )
        switch request {
        case .success(let request): return (request.id, .failure(error))
        case .failure(let refused): return (refused.id, .failure(error))
        }
    }

    private func answer(
        _ request: Result<RPCRequest, RefusedRequest>,
        _ caller: Caller,
        _ local: Local
    ) async -> (RequestID?, Result<[UInt8], APIError>) {
        metrics.count(.request)
        let id: RequestID?
        let result: Result<[UInt8], APIError>
        switch request {
        case .failure(let refused):
            id = refused.id
            let delay = delay(caller, cost: 1)
            let error = delay.map { APIError.busy(retryAfterMilliseconds: $0) } ?? refused.error
            result = .failure(error)
        case .success(let request):
            id = request.id
            result = await call(request, caller, local)
        }
        if case .failure = result { metrics.count(.failure) }
        return (id, result)
    }

    private func call(
        _ request: RPCRequest,
        _ caller: Caller,
        _ local: Local
    ) async -> Result<[UInt8], APIError> {
        if let delay = delay(caller, cost: 1) {
            return .failure(.busy(retryAfterMilliseconds: delay))
        }
        let parameters: Parameters
        do throws(APIError) {
            parameters = try permitted(request, caller)
        } catch { return .failure(error) }
        switch request.method {
        case "rpc.discover": return .success(discovery)
        case "subscribe", "unsubscribe":
            return await local(request, parameters)
        default: return await backend.call(request.method, parameters, caller)
        }
    }

    private func permitted(
        _ request: RPCRequest,
        _ caller: Caller
    ) throws(APIError) -> Parameters {
        let method = try Methods.find(request.method)
        guard !method.isDevelopmentOnly || configuration.isDevelopment else {
            throw .methodNotFound(request.method)
        }
        guard access.admits(method.authority, caller) else {
            throw .notAuthorized("the method “\(method.name)”")
        }
        return try Parameters(
            request.parameters,
            for: method,
            networkPrefix: configuration.networkPrefix
        )
    }
}

extension APIError {
    /// The answer to a subscription over plain HTTP.
    static func onlyOverWebSocket(_ method: String) -> APIError {
        .invalidRequest("“\(method)” needs a WebSocket: connect to /ws, or read GET /events.")
    }
}
