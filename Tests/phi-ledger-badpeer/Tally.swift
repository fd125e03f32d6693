import Synchronization

/// What became of the connections of one behavior.
struct Outcome: Sendable {
    let number: Int
    let name: String
    /// Connections that were tried.
    var calls = 0
    /// Connections on which the node said anything.
    var answered = 0
    /// Connections that the node ended.
    var ended = 0
    /// Calls that led to no connection.
    var unreachable = 0
    var bytesSent = 0
    var framesSent = 0
    var bytesReceived = 0
    /// The first thing that went wrong on this side.
    var failure: String?
}

/// Counts what happens on all connections.
final class Tally: Sendable {
    private let book = Mutex<[Int: Outcome]>([:])

    /// Changes what is counted for a behavior.
    func note(_ behavior: any Behavior.Type, _ change: @Sendable (inout Outcome) -> Void) {
        let (number, name) = (behavior.number, behavior.name)
        book.withLock { change(&$0[number, default: Outcome(number: number, name: name)]) }
    }

    /// The outcomes in the catalogue's order.
    var outcomes: [Outcome] {
        book.withLock { $0 }.values.sorted { $0.number < $1.number }
    }
}
