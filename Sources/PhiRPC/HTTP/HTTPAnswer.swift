import NIOCore
import NIOHTTP1
import PhiAPI

/// One whole answer of HTTP.
struct HTTPAnswer: Error {
    var status: HTTPResponseStatus
    var contentType: String?
    var body: [UInt8]
    /// Fields beside those that every answer has.
    var fields: [(String, String)] = []
    /// Whether the connection ends with this answer.
    var closes = false

    static let jsonType = "application/json"

    /// An answer that is JSON.
    static func json(_ body: [UInt8], status: HTTPResponseStatus = .ok) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: jsonType, body: body)
    }

    /// An answer that says why there is no better one.
    static func failure(_ error: APIError, status: HTTPResponseStatus) -> HTTPAnswer {
        json(RPCResponse.bytes(id: .null, result: .failure(error)), status: status)
    }

    /// A refusal with the reason as a sentence.
    static func refusal(_ status: HTTPResponseStatus, _ reason: String) -> HTTPAnswer {
        failure(.invalidRequest(reason), status: status)
    }

    /// The fields that keep browsers from doing with an answer what it is not meant for.
    static let securityHeaders: HTTPHeaders = [
        "Content-Security-Policy":
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
            + "base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "Cache-Control": "no-store",
    ]

    /// The parts to write for a request.
    func parts(for head: HTTPRequestHead) -> [HTTPServerResponsePart] {
        var response = HTTPResponseHead(
            version: .http1_1,
            status: status,
            headers: Self.securityHeaders
        )
        if let contentType { response.headers.add(name: "Content-Type", value: contentType) }
        if status != .noContent, status != .notModified {
            response.headers.add(name: "Content-Length", value: String(body.count))
        }
        for (name, value) in fields { response.headers.replaceOrAdd(name: name, value: value) }
        if closes || !head.isKeepAlive {
            response.headers.add(name: "Connection", value: "close")
        } else if head.version.minor == 0 {
            response.headers.add(name: "Connection", value: "keep-alive")
        }
        guard head.method != .HEAD, !body.isEmpty else { return [.head(response), .end(nil)] }
        return [.head(response), .body(.byteBuffer(ByteBuffer(bytes: body))), .end(nil)]
    }
}
