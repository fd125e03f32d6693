import NIOCore
import NIOHTTP1
import PhiAPI

/// Finds what answers a request.
struct Routes {
    /// What a route comes to.
    enum Outcome {
        /// One answer.
        case answer(HTTPAnswer)
        /// A stream of events.
        case events(EventRoute)
    }

    let context: RPCContext
    let remote: RemoteEnd
    private var known = KnownCaller()

    init(context: RPCContext, remote: RemoteEnd) {
        self.context = context
        self.remote = remote
    }

    /// Answers one request; its body has been read as far as the answer needed it.
    mutating func answer(
        _ head: HTTPRequestHead,
        _ parts: inout HTTPConnection.Parts,
        _ outbound: HTTPConnection.Outbound
    ) async throws -> Outcome {
        let target = HTTPTarget(head.uri)
        let caller: Caller
        switch known.judge(head, remote, by: context.access) {
        case .success(let judged): caller = judged
        case .failure(let answer): return .answer(closing(answer, head))
        }
        if target.path == "/rpc" {
            return .answer(try await call(head, caller, &parts, outbound))
        }
        guard head.method == .GET || head.method == .HEAD else {
            return .answer(closing(notAllowed("GET, HEAD"), head))
        }
        guard case .whole = try await HTTPConnection.body(of: head, &parts, outbound, limit: 0)
        else {
            return .answer(
                closing(.refusal(.payloadTooLarge, "This address takes no body."), head)
            )
        }
        if let retry = limited(caller, cost: 1) { return .answer(retry) }
        return await read(target, head, caller)
    }

    private func read(
        _ target: HTTPTarget,
        _ head: HTTPRequestHead,
        _ caller: Caller
    ) async -> Outcome {
        switch target.path {
        case "/healthy": return .answer(Self.judged(await context.backend.isHealthy()))
        case "/ready": return .answer(Self.judged(await context.backend.isReady()))
        case "/metrics":
            guard context.access.admits(.openOnLoopback, caller) else {
                return .answer(Self.forbidden("/metrics"))
            }
            let text = await context.backend.metrics()
            return .answer(
                HTTPAnswer(
                    status: .ok,
                    contentType: "text/plain; version=0.0.4; charset=utf-8",
                    body: Array(text.utf8)
                )
            )
        case "/openrpc.json", "/events":
            guard context.access.admits(.open, caller) else {
                return .answer(Self.forbidden(target.path))
            }
            if target.path == "/openrpc.json" { return .answer(.json(context.discovery)) }
            return await EventRoute.open(target, head, context)
        case "/ws":
            guard context.access.admits(.open, caller) else {
                return .answer(Self.forbidden("/ws"))
            }
            var answer = HTTPAnswer.refusal(
                .upgradeRequired,
                "This address speaks WebSocket version 13; it must be the first request of its "
                    + "connection."
            )
            answer.fields = [("Upgrade", "websocket")]
            answer.closes = true
            return .answer(answer)
        default: return .answer(show(target.path, head, caller))
        }
    }

    /// Answers with a file of the web page, unless the browser has it.
    private func show(_ path: String, _ head: HTTPRequestHead, _ caller: Caller) -> HTTPAnswer {
        guard let file = Page.standard.file(at: path) else { return Self.unknown(path) }
        guard context.access.admits(.open, caller) else { return Self.forbidden(path) }
        return PageRequest(head.headers).answer(with: file)
    }

    private func call(
        _ head: HTTPRequestHead,
        _ caller: Caller,
        _ parts: inout HTTPConnection.Parts,
        _ outbound: HTTPConnection.Outbound
    ) async throws -> HTTPAnswer {
        guard head.method == .POST else { return closing(notAllowed("POST"), head) }
        guard Self.isJSON(head.headers.first(name: "content-type")) else {
            let reason = "The field “Content-Type” must be “application/json”."
            return closing(.refusal(.unsupportedMediaType, reason), head)
        }
        let limit = context.limits.bodyBytes
        guard
            case .whole(let body) = try await HTTPConnection.body(
                of: head,
                &parts,
                outbound,
                limit: limit
            )
        else {
            let reason = "The body is longer than \(limit) bytes. Split the request."
            return closing(.refusal(.payloadTooLarge, reason), head)
        }
        let weight = body.count / Self.bytesPerToken
        if weight > 0, let retry = limited(caller, cost: weight) { return retry }
        guard let answer = await context.dispatcher.answer(body, caller) else {
            return HTTPAnswer(status: .noContent, contentType: nil, body: [])
        }
        return .json(answer)
    }

    private static func isJSON(_ type: String?) -> Bool {
        guard let type, type != HTTPAnswer.jsonType else { return type != nil }
        return type.prefix { $0 != ";" && $0 != " " }.lowercased() == HTTPAnswer.jsonType
    }

    /// How many bytes of a body weigh as much as one request.
    static let bytesPerToken = 64 << 10

    private func limited(_ caller: Caller, cost: Int) -> HTTPAnswer? {
        guard let delay = context.dispatcher.delay(caller, cost: cost) else { return nil }
        var answer = HTTPAnswer.failure(
            .busy(retryAfterMilliseconds: delay),
            status: .tooManyRequests
        )
        answer.fields = [("Retry-After", String((delay + 999) / 1_000))]
        return answer
    }

    /// An answer given before the body was read, which ends the connection if there is one.
    private func closing(_ answer: HTTPAnswer, _ head: HTTPRequestHead) -> HTTPAnswer {
        var answer = answer
        answer.closes =
            head.headers.contains(name: "content-length")
            || head.headers.contains(name: "transfer-encoding")
        return answer
    }

    private func notAllowed(_ methods: String) -> HTTPAnswer {
        var answer = HTTPAnswer.refusal(.methodNotAllowed, "This address takes \(methods).")
        answer.fields = [("Allow", methods)]
        return answer
    }

    private static func judged(_ judgement: (Bool, JSON)) -> HTTPAnswer {
        .json(judgement.1.serialized(), status: judgement.0 ? .ok : .serviceUnavailable)
    }

    private static func forbidden(_ path: String) -> HTTPAnswer {
        .failure(.notAuthorized(path), status: .forbidden)
    }

    private static func unknown(_ path: String) -> HTTPAnswer {
        let remedy = "Methods are called with POST /rpc; see /openrpc.json."
        return .failure(
            .notFound("the address “\(path.prefix(80))”", remedy: remedy),
            status: .notFound
        )
    }
}
