/// The answer to one call, as a client reads it.
public struct RPCResponse: Equatable, Sendable {
    /// The id of the request.
    public let id: RequestID
    /// The result, or why there is none.
    public let result: Result<JSON, APIError>

    /// Makes an answer.
    public init(id: RequestID, result: Result<JSON, APIError>) {
        self.id = id
        self.result = result
    }

    /// Reads an answer, or answers nil where the value is none.
    public init?(_ json: JSON) {
        guard json["jsonrpc"] == .string("2.0"), let id = json["id"].flatMap(RequestID.init) else {
            return nil
        }
        switch (json["result"], json["error"]) {
        case (let value?, nil): self.init(id: id, result: .success(value))
        case (nil, let error?):
            guard let code = error["code"]?.integer, let message = error["message"]?.string else {
                return nil
            }
            let failure = APIError(
                code: Int(truncatingIfNeeded: code),
                message: message,
                data: error["data"]
            )
            self.init(id: id, result: .failure(failure))
        default: return nil
        }
    }

    /// Writes an answer whose result is serialized already.
    public static func write(
        id: RequestID,
        result: Result<[UInt8], APIError>,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("id")
        writer.value(id.json)
        switch result {
        case .success(let bytes):
            writer.name("result")
            writer.raw(bytes)
        case .failure(let error):
            writer.name("error")
            error.write(to: &writer)
        }
        writer.endObject()
    }

    /// The bytes of an answer that stands alone.
    public static func bytes(id: RequestID, result: Result<[UInt8], APIError>) -> [UInt8] {
        var capacity = 256
        if case .success(let bytes) = result { capacity = bytes.count + 64 }
        var writer = JSONWriter(capacity: capacity)
        write(id: id, result: result, to: &writer)
        return writer.bytes
    }
}
