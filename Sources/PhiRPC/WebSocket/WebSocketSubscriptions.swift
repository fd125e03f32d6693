import PhiAPI
import Synchronization

/// The subscriptions of one WebSocket, bounded in number.
final class WebSocketSubscriptions: Sendable {
    private struct State {
        var streams: [String: EventStream?] = [:]
        var last: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Takes a place, or says that there is none.
    func reserve() throws(APIError) -> String {
        let name: String? = state.withLock { state in
            guard state.streams.count < limit else { return nil }
            state.last += 1
            let name = String(state.last)
            state.streams.updateValue(nil, forKey: name)
            return name
        }
        guard let name else {
            throw .ruleBroken(
                "subscriptions",
                "A connection has at most \(limit) subscriptions. Unsubscribe from one first.",
                limit: .integer(Int64(limit)),
                found: .integer(Int64(limit) + 1)
            )
        }
        return name
    }

    /// Fills a place with its events.
    func fill(_ name: String, with stream: EventStream) {
        state.withLock { state in state.streams[name] = stream }
    }

    /// Gives a place back and ends its events; answers false when there was no such place.
    func remove(_ name: String) -> Bool {
        let (found, stream) = state.withLock { state in
            let removed = state.streams.removeValue(forKey: name)
            return (removed != nil, removed ?? nil)
        }
        stream?.cancel()
        return found
    }

    /// Ends everything.
    func removeAll() {
        let streams = state.withLock { state in
            defer { state.streams = [:] }
            return state.streams.values.compactMap { $0 }
        }
        for stream in streams { stream.cancel() }
    }
}
