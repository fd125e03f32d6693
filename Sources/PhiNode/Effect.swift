public import PhiChain
import PhiConsensus
public import PhiCrypto
public import PhiLedger
public import PhiWire

/// Everything that a node can ask for, carried out in order.
public enum Effect: Sendable {
    /// Send a message to a peer; a full queue ends the connection.
    case send(PeerHandle, Message)
    /// End a connection.
    case disconnect(PeerHandle, DisconnectReason)
    /// Call a peer, its identity pinned where given.
    case dial(PeerAddress, VerifyingKey?)
    /// Read nothing more from a connection until a time.
    case pause(PeerHandle, until: Timestamp)
    /// Write a batch, whole or not at all, before anything after it.
    case commit(WriteBatch, durable: Bool)
    /// Judge entries on any thread and answer with `judged`.
    ///
    /// Where the link key of a meeting is given, the admissions of its `join` entries are judged by
    /// it as well.
    case judge(RequestToken, [Entry], linkKeys: [Digest: VerifyingKey])
    /// Answer a submission.
    case reply(RequestToken, Result<Digest, SubmitRefusal>)
    /// Tell those who follow live.
    case notify(LedgerNotice)
    /// Come back with `tick` at a time, once for each such wish.
    case wake(at: Timestamp)
    /// Come back with `resume` when the other effects are done.
    case resume
    /// The tip has changed, so that a miner's work is in vain.
    case templateChanged
    /// Stop the node, because it cannot go on.
    case halt(HaltReason)
    /// Write a line for the operator.
    case report(NodeReport)
}

/// Why a connection is ended.
public enum DisconnectReason: Equatable, Sendable {
    /// The peer belongs to another network or speaks another version.
    case otherNetwork
    /// The peer broke a rule; it is not welcome for a day.
    case misbehavior(Misbehavior)
    /// The peer was too slow to answer.
    case timeout(String)
    /// Another connection to the same peer stays.
    case duplicate
    /// There is no place for the peer.
    case full
    /// The operator wants it.
    case operatorWish
    /// The peer was discouraged before.
    case discouraged
    /// The peer sent more of one class than its rate for too long; it may come again.
    case rate(MeterClass)
    /// The address answered, which is all that was asked.
    case feelerDone
    /// Another peer called that needs the place more.
    case evicted
    /// The peer has known of less work than this node for too long.
    case behind
    /// There is one link more than the node wants.
    case surplus
}

/// What a peer did that no honest peer does.
public enum Misbehavior: String, CaseIterable, Sendable {
    /// Bytes that are no message.
    case malformedMessage
    /// A message that has no place in the state of the connection.
    case outOfTurn
    /// A header whose proof of work or fields are wrong.
    case invalidHeader
    /// More headers than the time since the genesis block allows.
    case tooManyHeaders
    /// Other headers than those that the peer had shown before.
    case switchedHeaders
    /// Headers again and again that connect to nothing.
    case unconnectedHeaders
    /// A body that is not the one its header commits to.
    case mutatedBody
    /// A block that breaks a rule.
    case invalidBlock
    /// An entry whose stamp, signature or payload is wrong.
    case invalidEntry
    /// A request for entries at places that a block does not have.
    case impossibleRequest
    /// A node record whose signature or fields are wrong.
    case invalidRecord
}

/// Why a node cannot go on.
public enum HaltReason: Equatable, Sendable {
    /// The store failed.
    case store(StoreFailure)
    /// A heavier branch forks deeper than undo data reaches; the operator must decide.
    case deepReorganization(fork: Height, depth: UInt32, tip: Digest)
    /// The operator accepted such a branch: the store must be taken back to its fork.
    case rewind(to: Height)
}

/// Something that an operator should read.
public enum NodeReport: Equatable, Sendable {
    /// The chain went another way.
    case reorganized(depth: UInt32, fork: Height)
    /// A block that peers sent breaks a rule.
    case invalidBlock(Digest, ConnectFailure)
    /// A peer was discouraged.
    case discouraged(PeerHandle, Misbehavior)
    /// A peer sends more of one class than its rate, for the first time since it rested.
    case limited(PeerHandle, MeterClass)
    /// A peer did something that is counted and not blamed.
    case incident(Incident)
}
