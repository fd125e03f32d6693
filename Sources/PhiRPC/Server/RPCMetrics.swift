import CoreMetrics

/// The server's own counts, held so that counting is cheap.
struct RPCMetrics: Sendable {
    /// What is counted.
    enum Event: String, CaseIterable {
        /// A call came in.
        case request = "phi_rpc_requests_total"
        /// A call was answered with an error.
        case failure = "phi_rpc_errors_total"
        /// A client asked too fast.
        case limited = "phi_rpc_rate_limited_total"
        /// A connection found no place.
        case refusedConnection = "phi_rpc_connections_refused_total"
        /// A subscriber did not keep up.
        case droppedSubscriber = "phi_rpc_subscribers_dropped_total"
    }

    private let requests = Counter(label: Event.request.rawValue)
    private let failures = Counter(label: Event.failure.rawValue)
    private let limited = Counter(label: Event.limited.rawValue)
    private let refusedConnections = Counter(label: Event.refusedConnection.rawValue)
    private let droppedSubscribers = Counter(label: Event.droppedSubscriber.rawValue)
    private let connections = Meter(label: "phi_rpc_connections")

    /// Counts one event.
    func count(_ event: Event) {
        switch event {
        case .request: requests.increment()
        case .failure: failures.increment()
        case .limited: limited.increment()
        case .refusedConnection: refusedConnections.increment()
        case .droppedSubscriber: droppedSubscribers.increment()
        }
    }

    /// Notes how many connections are open.
    func setConnections(_ count: Int) { connections.set(count) }
}
