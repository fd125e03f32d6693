/// What one text of a caller asks for: one request, or several at once.
public enum RPCBatch: Sendable {
    /// One request outside an array.
    case single(Result<RPCRequest, RefusedRequest>)
    /// The requests of an array, in order; never empty.
    case several([Result<RPCRequest, RefusedRequest>])

    /// Reads a parsed text whose array, if it is one, may have so many requests.
    public init(_ json: JSON, limit: Int) throws(APIError) {
        guard case .array(let elements) = json else {
            self = .single(RPCRequest.read(json))
            return
        }
        guard !elements.isEmpty else {
            throw .invalidRequest("A batch needs at least one request.")
        }
        guard elements.count <= limit else {
            throw .invalidRequest(
                "A batch has at most \(limit) requests, this one has \(elements.count). Split it."
            )
        }
        self = .several(elements.map(RPCRequest.read))
    }
}
