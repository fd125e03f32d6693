import PhiAPI

/// Requests for one page of a history.
struct PageRequests: Sendable {
    /// Requests of each connection that a node has to put together anew.
    private static let variants: Int64 = 500

    private let target: LoadTarget
    private let parameters: [(String, JSON)]

    init(of meeting: String, _ more: [(String, JSON)], at target: LoadTarget) {
        self.target = target
        parameters = [("meeting", .string(meeting)), ("limit", 100)] + more
    }

    /// The one request that everybody sends, whose answer a node may keep.
    func same(connections: Int) -> [[[UInt8]]] {
        let request = target.request("meeting.history", parameters)
        return [[[UInt8]]](repeating: [request], count: connections)
    }

    /// Requests for the same page that differ in where it must end at the latest.
    ///
    /// They are more than a node keeps the answers of, so that it puts each of them together anew.
    func different(connections: Int) -> [[[UInt8]]] {
        (0..<Int64(connections)).map { connection in
            (0..<Self.variants).map { variant in
                let last = Int64(UInt32.max) - connection * Self.variants - variant
                return target.request("meeting.history", parameters + [("to", .integer(last))])
            }
        }
    }
}
