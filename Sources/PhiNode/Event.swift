public import PhiConsensus
public import PhiCrypto
public import PhiLedger
public import PhiWire

/// The number of a connection, unique in the life of a node.
public typealias PeerHandle = UInt64

/// The number of a question that is answered later.
public typealias RequestToken = UInt64

/// Everything that a node can be told.
public enum Event: Sendable {
    /// The node begins; nothing comes before.
    case started(ownRecord: NodeRecord?)
    /// Time has passed that the node asked for.
    case tick
    /// The effects of the last step are done and more work is ready.
    case resume
    /// A connection came up, its peer authenticated.
    case connected(PeerHandle, identity: VerifyingKey, isInbound: Bool, address: PeerAddress?)
    /// A peer sent a message of the right form.
    case received(PeerHandle, Message)
    /// A peer sent bytes that are no message.
    case malformed(PeerHandle, WireFailure)
    /// A connection went away.
    case disconnected(PeerHandle)
    /// A connection was asked for and did not come up.
    case dialFailed(PeerAddress)
    /// Entries were judged; the results are in the order of the question.
    case judged(RequestToken, [Result<ValidEntry, EntryViolation>])
    /// Entries were submitted here, and judged.
    case submitted([(token: RequestToken, entry: ValidEntry)])
    /// The miner found a block.
    case mined(Header, [ValidEntry])
    /// A peer is named from outside, its identity pinned where given.
    case addPeer(PeerAddress, VerifyingKey?, via: WayIn)
    /// The operator forgets a peer.
    case removePeer(VerifyingKey)
    /// The operator refuses a peer for a day.
    case banPeer(VerifyingKey)
    /// Records of peers that the node knew when it last ran.
    case remembered([NodeRecord])
    /// The node's own record was renewed.
    case renewed(NodeRecord)
    /// The operator allows a reorganization onto a branch with this block, however deep.
    case acceptReorganization(Digest)
}
