import PhiLedger

/// A connection: two ordered streams of bytes, which stall, break and end, and lose nothing else.
struct Link {
    /// One end of a connection.
    struct End {
        let party: Int
        let incarnation: Int
        var isOpen = true
        /// When the last frame to this end comes in.
        var lastArrival: Timestamp
        /// When this end last heard anything.
        var lastHeard: Timestamp
        /// Frames from this end that cannot leave.
        var stalled: [Frame] = []
        var stalledBytes = 0
        var stalledSince: Timestamp = .zero
        /// Whether this end's stream is stuck for itself.
        var isClogged = false
        /// Frames to this end that are not read yet.
        var unread: [Frame] = []
        var readsFrom: Timestamp = .zero
    }

    /// One message on its way, or the end of the stream.
    enum Frame {
        /// A message in its wire form.
        case message(type: UInt8, body: [UInt8])
        /// The other end was closed.
        case end

        var byteCount: Int {
            switch self {
            case .message(_, let body): body.count + 5
            case .end: 0
            }
        }
    }

    /// Bytes that may wait for one peer, as in the transport.
    static let queueLimit = 2_097_152
    /// Milliseconds of silence after which a connection is given up, as in the transport.
    static let idleTimeout: UInt64 = 25_000
    /// Milliseconds that a call may take, as in the transport.
    static let dialTimeout: UInt64 = 10_000

    /// The caller's end, and the other.
    var ends: [End]
}
