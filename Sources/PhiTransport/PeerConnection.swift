import NIOCore
public import PhiCrypto

/// Who opened a connection.
public enum PeerDirection: Hashable, Sendable {
    /// The peer dialled this node.
    case inbound
    /// This node dialled the peer.
    case outbound
}

/// A connection to a peer that has proved its key.
public final class PeerConnection: Identifiable, Sendable {
    /// The connection's number, never used twice in one run.
    public let id: UInt64
    /// Who opened it.
    public let direction: PeerDirection
    /// The key that the peer proved to hold.
    public let remoteKey: VerifyingKey
    /// The other end of the socket; its port means nothing on an inbound connection.
    public let remoteAddress: PeerAddress

    let outbox: Outbox
    let inbox: Inbox
    let pause = ReadingPause()
    private let channel: any Channel
    private let lingerTimeout: TimeAmount

    init(
        id: UInt64,
        direction: PeerDirection,
        remoteAddress: PeerAddress,
        established: EstablishedPeer,
        policy: TransportPolicy
    ) {
        self.id = id
        self.direction = direction
        self.remoteAddress = remoteAddress
        remoteKey = established.key
        channel = established.frames.channel
        outbox = Outbox(budget: policy.sendQueueBytes)
        inbox = established.inbox
        lingerTimeout = TimeAmount(policy.lingerTimeout)
    }

    /// Queues a frame for the peer, without waiting.
    /// - Returns: False when the peer does not take its frames in fast enough, when the connection is
    ///   closed, or when no peer would take so long a frame. Close the connection then.
    public func send(_ frame: Frame) -> Bool { outbox.offer(frame) }

    /// How many bytes wait for the peer, the queue's own costs included.
    ///
    /// What can be done without may be left unsaid to a peer with much waiting.
    public var waitingBytes: Int { outbox.chargedBytes }

    /// How many bytes of frames came from the peer and wait to be handed over.
    public var unreadBytes: Int { inbox.waitingBytes }

    /// Hands no further frame over for a while, a minute at most, and so stops reading.
    ///
    /// What the peer sends meanwhile fills its own socket. Closing ends a pause at once.
    public func pauseReading(for duration: Duration) { pause.extend(for: duration) }

    /// Closes the connection; no frame is delivered any more.
    ///
    /// What was queued before is still sent, for as long as the policy lets it linger. The first
    /// reason given stands.
    public func close(reason: String) {
        guard outbox.close(.closedHere(reason: reason)) else { return }
        let channel = channel
        channel.eventLoop.scheduleTask(in: lingerTimeout) { channel.close(promise: nil) }
    }
}
