public import PhiAPI
import PhiConsensus
public import PhiCrypto
public import PhiLedger
import PhiMeetings

/// Somebody who takes part in meetings: a keystore here, and a node to talk to.
///
/// Everything secret stays here: the node gets signed, sealed and stamped entries only, and what
/// it answers is checked before anything is built on it.
public struct Participant: Sendable {
    /// What happens while an entry is written, for a progress bar.
    public enum Step: Sendable {
        /// An entry that an earlier run had signed is delivered first.
        case deliversEarlier(Digest)
        /// The stamp's cost on this machine is known.
        case estimates(StampEstimate)
        /// The search goes on.
        case searches(StampWorker.Progress)
        /// The stamp is found.
        case stamped
        /// The node has the entry.
        case submitted(EntryStatusDocument)
        /// The status changed while waiting.
        case reached(EntryStatusDocument)
    }

    /// The node.
    public let node: NodeClient
    /// The keystore.
    public let keystore: Keystore
    /// The network, whose rules the node cannot change.
    public let network: Network
    /// Does the stamps.
    public let worker: StampWorker
    /// The clock that entries are dated with.
    let now: @Sendable () -> Timestamp
    /// Is told of each step.
    let observe: @Sendable (Step) -> Void

    /// Blocks below the tip at which entries are anchored, so that a small reorganization leaves
    /// the anchor standing.
    static let anchorDepth: UInt32 = 30

    /// A participant at a node of the network.
    ///
    /// - Parameters:
    ///   - node: The node.
    ///   - keystore: The keystore.
    ///   - network: The network; a node of another is refused.
    ///   - worker: Does the stamps.
    ///   - now: The clock.
    ///   - observe: Is told of each step.
    /// - Throws: `otherNetwork`, or why the node did not answer.
    public init(
        at node: NodeClient,
        keystore: Keystore,
        network: Network,
        worker: StampWorker = StampWorker(),
        now: @escaping @Sendable () -> Timestamp = { WallClock.now },
        observe: @escaping @Sendable (Step) -> Void = { _ in }
    ) async throws {
        let found = try await node.info().network
        guard found.chain == network.chain else {
            throw ParticipantFailure.otherNetwork(wanted: network.name, found: found.name)
        }
        self.node = node
        self.keystore = keystore
        self.network = network
        self.worker = worker
        self.now = now
        self.observe = observe
    }

    /// Lends the author's key in a meeting.
    static func withKey<Result>(
        for meeting: KeptMeeting,
        in contents: KeystoreContents,
        _ body: (borrowing SigningKey) async throws -> Result
    ) async throws -> Result {
        let keys = AuthorKeys(identity: contents.seed.secret(), device: contents.device)
        let key = try signingKey(for: meeting, keys)
        return try await body(key)
    }

    /// The author's public key in a meeting.
    public static func author(
        of meeting: KeptMeeting,
        in contents: KeystoreContents
    ) throws -> VerifyingKey {
        let keys = AuthorKeys(identity: contents.seed.secret(), device: contents.device)
        return try signingKey(for: meeting, keys).verifyingKey
    }

    private static func signingKey(
        for meeting: KeptMeeting,
        _ keys: borrowing AuthorKeys
    ) throws -> SigningKey {
        if let salt = meeting.hostSalt { return try keys.host(openSalt: salt) }
        return try keys.author(meeting: meeting.meeting)
    }

    /// A builder whose entries are anchored well below the node's tip.
    func builder() async throws -> EntryBuilder {
        let tip = try await node.tip()
        let anchor = tip.height.lowered(by: Self.anchorDepth)
        let header =
            anchor == .genesis
            ? network.genesis : try await node.header(.height(anchor.rawValue))
        return EntryBuilder(
            network: network,
            anchorHeight: anchor,
            anchorHash: header.hash,
            time: now()
        )
    }
}

/// An entry that a node has taken.
public struct WrittenEntry: Equatable, Sendable {
    /// The entry.
    public let entry: Entry
    /// Its id.
    public let id: Digest
    /// Where it stands.
    public let status: EntryStatusDocument
}
