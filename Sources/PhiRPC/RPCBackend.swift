public import PhiAPI

/// What the server needs from the node behind it.
public struct RPCBackend: Sendable {
    /// Answers one call with the bytes of its result, serialized already.
    public var call:
        @Sendable (
            _ method: String,
            _ parameters: Parameters,
            _ caller: Caller
        ) async -> Result<[UInt8], APIError>
    /// Opens the live events of a topic, after the event with that cursor where one is given.
    public var subscribe:
        @Sendable (_ topic: Topic, _ cursor: String?) async -> Result<EventStream, APIError>
    /// The node's metrics in the text format 0.0.4 of Prometheus.
    public var metrics: @Sendable () async -> String
    /// Whether the node's parts are alive, with the checks as JSON.
    public var isHealthy: @Sendable () async -> (Bool, JSON)
    /// Whether the node has caught up and answers from the best chain, with the checks as JSON.
    public var isReady: @Sendable () async -> (Bool, JSON)

    /// Gathers the five answers.
    public init(
        call:
            @escaping @Sendable (String, Parameters, Caller) async -> Result<[UInt8], APIError>,
        subscribe:
            @escaping @Sendable (Topic, String?) async -> Result<EventStream, APIError>,
        metrics: @escaping @Sendable () async -> String,
        isHealthy: @escaping @Sendable () async -> (Bool, JSON),
        isReady: @escaping @Sendable () async -> (Bool, JSON)
    ) {
        self.call = call
        self.subscribe = subscribe
        self.metrics = metrics
        self.isHealthy = isHealthy
        self.isReady = isReady
    }
}

/// Who asks.
public struct Caller: Sendable {
    /// The address that the connection comes from, without its port.
    public let address: String
    /// Whether the connection comes from this machine and no proxy says otherwise.
    public let isLoopback: Bool
    /// Whether the caller has shown the node's token.
    public let isAuthorized: Bool
    /// What requests are counted against: an IPv4 address, or the first half of an IPv6 one.
    let meter: String

    /// Whether the caller's requests are counted.
    var isMetered: Bool { !(isLoopback && isAuthorized) }
}
