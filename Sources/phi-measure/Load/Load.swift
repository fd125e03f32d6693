import PhiClient

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Puts load on a server from one thread: each connection asks again when it was answered.
enum Load {
    /// What came of it.
    struct Outcome: Sendable {
        /// How long the answers took.
        let latencies: Latencies
        /// How long all took.
        let seconds: Double

        /// Answers in a second.
        var rate: Double { Double(latencies.count) / seconds }
    }

    /// How long nothing may come before a server counts as dead.
    private static let patienceMilliseconds: Int32 = 60_000

    /// Sends each connection's requests in turn, again and again for a time.
    @concurrent static func repeating(
        _ requests: [[[UInt8]]],
        at target: LoadTarget,
        seconds: Double
    ) async throws -> Outcome {
        let all = try requests.map { try LoadConnection(to: target, requests: $0) }
        return try run(all, until: .now + .seconds(seconds))
    }

    /// Sends each connection's requests once, in their order.
    @concurrent static func once(
        _ requests: [[[UInt8]]],
        at target: LoadTarget
    ) async throws -> Outcome {
        let all = try requests.filter { !$0.isEmpty }.map {
            try LoadConnection(to: target, requests: $0)
        }
        return try run(all, until: nil)
    }

    private static func run(
        _ connections: [LoadConnection],
        until deadline: ContinuousClock.Instant?
    ) throws -> Outcome {
        var polled = connections.map { connection in
            pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
        }
        var seconds: [Double] = []
        seconds.reserveCapacity(1 << 18)
        var open = connections.count
        let watch = Stopwatch()
        for (index, connection) in connections.enumerated() {
            try connection.send()
            polled[index].events = wish(of: connection)
        }
        while open > 0 {
            let count = nfds_t(polled.count)
            let ready = unsafe poll(&polled, count, patienceMilliseconds)
            guard ready > 0 else { throw MeasureFailure.timedOut("the server says nothing") }
            for index in polled.indices where polled[index].revents != 0 {
                let connection = connections[index]
                if polled[index].revents & Int16(POLLOUT) != 0 {
                    try connection.send()
                } else if let time = try connection.receive() {
                    seconds.append(time.inSeconds)
                    let isOver = deadline.map { .now >= $0 } ?? connection.hasSentAll
                    if isOver {
                        open -= 1
                        polled[index].fd = -1
                        continue
                    }
                    try connection.send()
                }
                polled[index].events = wish(of: connection)
            }
        }
        return Outcome(latencies: Latencies(seconds), seconds: watch.seconds)
    }

    private static func wish(of connection: LoadConnection) -> Int16 {
        Int16(connection.isSending ? POLLOUT : POLLIN)
    }
}
