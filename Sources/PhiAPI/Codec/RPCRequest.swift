/// The name by which a caller recognises the answer to its request.
public enum RequestID: Equatable, Sendable {
    /// A whole number.
    case integer(Int64)
    /// A text.
    case string(String)
    /// An explicit `null`, also used where the id could not be read.
    case null

    /// The id as JSON, with its type.
    public var json: JSON {
        switch self {
        case .integer(let value): .integer(value)
        case .string(let value): .string(value)
        case .null: .null
        }
    }

    /// Reads an id, or answers nil for a value that cannot be one.
    public init?(_ json: JSON) {
        switch json {
        case .integer(let value): self = .integer(value)
        case .string(let value) where value.utf8.count <= Self.byteLimit: self = .string(value)
        case .null: self = .null
        default: return nil
        }
    }

    /// The longest text that is echoed.
    public static let byteLimit = 256
}

/// One call of JSON-RPC 2.0.
public struct RPCRequest: Equatable, Sendable {
    /// The id to echo, or nil for a notification, which has no answer.
    public let id: RequestID?
    /// The method's name.
    public let method: String
    /// An object, an array, or nothing.
    public let parameters: JSON?

    /// Makes a call.
    public init(id: RequestID?, method: String, parameters: JSON? = nil) {
        self.id = id
        self.method = method
        self.parameters = parameters
    }

    /// Writes the call as a client sends it.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        if let id {
            writer.name("id")
            writer.value(id.json)
        }
        writer.name("method")
        writer.string(method)
        if let parameters {
            writer.name("params")
            writer.value(parameters)
        }
        writer.endObject()
    }

    /// Reads one call, or says what is wrong with it and which id the answer bears.
    public static func read(_ json: JSON) -> Result<RPCRequest, RefusedRequest> {
        guard case .object(let members) = json else {
            return .failure(
                RefusedRequest(id: .null, reason: "A request is a JSON object, not \(json.kind).")
            )
        }
        let rawID = json["id"]
        let id = rawID.flatMap(RequestID.init)
        func refuse(_ reason: String) -> Result<RPCRequest, RefusedRequest> {
            .failure(RefusedRequest(id: id ?? .null, reason: reason))
        }
        if rawID != nil, id == nil {
            return refuse(
                "The field “id” must be an integer, null or a string of at most "
                    + "\(RequestID.byteLimit) bytes."
            )
        }
        guard json["jsonrpc"] == .string("2.0") else {
            return refuse("The field “jsonrpc” must be \"2.0\".")
        }
        guard case .string(let method)? = json["method"] else {
            return refuse("The field “method” must be a string that names a method.")
        }
        let known: Set = ["jsonrpc", "id", "method", "params"]
        if let unknown = members.first(where: { !known.contains($0.0) }) {
            return refuse(
                "The field “\(unknown.0.prefix(80))” is no part of a request; leave it out."
            )
        }
        switch json["params"] {
        case nil, .object?, .array?: break
        case let other?:
            return refuse("The field “params” must be an object or an array, not \(other.kind).")
        }
        return .success(RPCRequest(id: id, method: method, parameters: json["params"]))
    }
}

/// A value that stands where a request should stand.
public struct RefusedRequest: Error, Equatable, Sendable {
    /// The id that the answer bears.
    public let id: RequestID
    /// What is wrong, as a sentence.
    public let reason: String

    /// The error that answers it.
    public var error: APIError { .invalidRequest(reason) }
}
