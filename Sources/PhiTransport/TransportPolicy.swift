/// How patient and how generous the transport is.
///
/// These numbers are each node's own affair; no two nodes need to agree on them.
public struct TransportPolicy: Hashable, Sendable {
    /// How long a TCP connection to a dialled peer may take, names included.
    public var dialTimeout: Duration = .seconds(10)
    /// How long the TLS handshake may take, from the first byte to the peer's key.
    ///
    /// Silent connections hold a place among the inbound ones for this long.
    public var handshakeTimeout: Duration = .seconds(10)
    /// How long a peer may say nothing; ping it at a third of this.
    ///
    /// TCP waits twice as long after each loss, so a link that was cut for a minute may stay silent for
    /// another one; a connection made anew is there at once.
    public var idleTimeout: Duration = .seconds(25)
    /// How long one whole frame may take, so that a byte now and then does not hold a connection.
    ///
    /// It may be exceeded by a quarter. 1 MiB in 30 s is 35 KB/s, the slowest useful peer.
    public var frameTimeout: Duration = .seconds(30)
    /// How long a connection closed here may take to send what was queued before.
    public var lingerTimeout: Duration = .seconds(1)
    /// How many bytes may wait for one peer; two of the largest frames just do not fit.
    public var sendQueueBytes = 2_097_152
    /// How many connections others may open to this node, handshakes included.
    public var maximumInbound = 40
    /// How many of them may come from one IPv4 address or one IPv6 /64.
    public var maximumPerAddress = 8
    /// Bytes in a second that may go out to all peers together, or nil for any number.
    public var uploadLimit: UInt64?
    /// Bytes in a second that may come in from all peers together, or nil for any number.
    public var downloadLimit: UInt64?
    /// True where connections from this machine are bounded only by ``maximumInbound``.
    public var exemptsLoopback = true

    /// Makes the policy of an ordinary node.
    public init() {}

    /// The largest buffer handed to TLS at once.
    ///
    /// The TLS layer keeps a buffer as large as the largest flush for the connection's whole life.
    static let sliceBytes = 65_536
    /// Bytes of frames that wait to be handed over from which on a connection is not read.
    ///
    /// With the longest frame half read beside them this is what one peer can make a node hold.
    static let waitingFrameBytes = 131_072
    /// Bytes that one peer can make a node hold before the node deals with them.
    public static let receivedBytes = waitingFrameBytes + Frame.lengthLimit + sliceBytes
    /// How long a peer with much waiting for it is not read, where uploads are limited.
    static let drainTimeout: Duration = .seconds(5)
}
