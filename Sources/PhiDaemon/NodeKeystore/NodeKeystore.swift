import PhiAPI
import PhiChain
import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiNode
import Synchronization

/// Signs, seals and stamps for callers, with a keystore of the node's own.
///
/// It exists only where an operator turned it on. Nothing secret leaves it but the link of a
/// meeting that it opens, and that only to the caller who opened it.
final class NodeKeystore: NodeKeystoreMethods {
    /// As whom an entry is signed.
    enum Role {
        /// The host of a meeting, by the salt of its `open`.
        case host(salt: [UInt8])
        /// Anybody else in a meeting.
        case guest(Digest)
    }

    /// Times that an entry is signed or stamped anew before the caller hears why it failed.
    static let attemptLimit = 4
    /// Blocks below the tip at which entries are anchored, so that a small reorganization leaves
    /// the anchor standing.
    static let anchorDepth: UInt32 = 30
    private static let walkLimit = 1_024

    let node: NodeAccess
    let keystore: Keystore
    let sent: SentEntries
    let now: @Sendable () -> Timestamp
    private let queue: KeystoreQueue
    private let report: @Sendable (any Error) -> Void
    private let seed: IdentitySeed
    private let device: UInt32
    private let walks = Mutex<[Digest: EpochWalk]>([:])

    /// Opens the keystore of a data folder, or makes it.
    ///
    /// - Parameters:
    ///   - folder: The data folder, which only the operator may read.
    ///   - node: What may be asked of the node.
    ///   - stampLimit: Searches at once; nil leaves half of the cores to the node.
    ///   - report: Is told what went wrong with the files; nothing secret is in it.
    ///   - now: The clock that entries are dated with.
    /// - Throws: Why the files cannot be used.
    init(
        folder: String,
        node: NodeAccess,
        stampLimit: Int? = nil,
        report: @escaping @Sendable (any Error) -> Void = { _ in },
        now: @escaping @Sendable () -> Timestamp = { WallClock().now }
    ) throws(KeystoreFailure) {
        let path = folder + "/keystore"
        do {
            keystore = try Keystore.open(at: path)
        } catch .file(.absent) {
            let contents = KeystoreContents(seed: .fresh(), device: 0)
            keystore = try Keystore.create(at: path, contents: contents)
        }
        let contents = try keystore.contents()
        seed = contents.seed
        device = contents.device
        sent = try SentEntries(
            path: path + ".sent",
            payloadLimit: node.network.parameters.maximumPayloadBytes
        )
        queue = KeystoreQueue(stampLimit: stampLimit ?? StampWorker().cores / 2)
        self.node = node
        self.now = now
        self.report = report
    }

    /// Answers one of the methods with the bytes of its result.
    func call(_ method: String, _ parameters: Parameters) async throws(APIError) -> [UInt8] {
        guard await node.status().sync != .syncing else { throw .syncing() }
        switch method {
        case "meeting.create": return try await create(parameters)
        case "meeting.join": return try await join(parameters)
        case "message.send": return try await send(parameters)
        case "meeting.admit": return try await admit(parameters)
        case "meeting.revoke": return try await revoke(parameters)
        case "meeting.close": return try await close(parameters)
        case "meeting.approve": return try await approve(parameters)
        default: throw .methodNotFound(method)
        }
    }

    /// Does something in a meeting while no other call does.
    func inTurn<Value>(
        _ meeting: Digest,
        _ body: () async throws(APIError) -> Value
    ) async throws(APIError) -> Value {
        try await queue.enter(meeting)
        let value: Value
        do { value = try await body() } catch {
            await queue.leave(meeting)
            throw error
        }
        await queue.leave(meeting)
        return value
    }
}

extension NodeKeystore {
    /// The keys of this keystore.
    var keys: AuthorKeys { AuthorKeys(identity: seed.secret(), device: device) }

    /// The key that signs in a role.
    func signingKey(_ role: Role) throws(CryptoFailure) -> SigningKey {
        switch role {
        case .host(let salt): try keys.host(openSalt: salt)
        case .guest(let meeting): try keys.author(meeting: meeting)
        }
    }

    /// The public key of a role.
    func author(_ role: Role) throws(APIError) -> VerifyingKey {
        do { return try signingKey(role).verifyingKey } catch { throw failed(error) }
    }

    /// What this keystore is in a meeting; the seed and the chain alone say it.
    func role(in view: MeetingView) throws(APIError) -> Role {
        let host = Role.host(salt: view.terms.salt)
        return try author(host) == view.host ? host : .guest(view.id)
    }

    /// The role of the host, or the rule that others may not do this.
    func hostRole(in view: MeetingView) throws(APIError) -> Role {
        let role = try role(in: view)
        guard case .host = role else { throw .context(.notHost) }
        return role
    }

    /// A meeting as the node knows it; one that was opened here is not lost with the pool's copy.
    func view(of meeting: Digest) async throws(APIError) -> MeetingView {
        if let open = sent.all.first(where: { $0.id == meeting }) {
            try await sendAgain(AuthorSlot(meeting: .zero, author: open.author))
        }
        return try await MeetingView(meeting, at: node)
    }

    /// What is kept of a meeting.
    func kept(_ meeting: Digest) throws(APIError) -> KeptMeeting? {
        do { return try keystore.contents()[meeting] } catch { throw failed(error) }
    }

    /// Changes what is kept of a meeting.
    func update(
        _ meeting: Digest,
        _ change: @Sendable (inout KeptMeeting?) -> Void
    ) async throws(APIError) {
        do {
            try await keystore.exclusively(patience: .seconds(10)) { held in
                try held.update(meeting, change)
            }
        } catch { throw failed(error) }
    }

    /// Learns a secret of a meeting.
    func learn(_ secret: MeetingSecret, of meeting: Digest) async throws(APIError) {
        let chain = node.network.chain
        try await update(meeting) { kept in
            var changed = kept ?? KeptMeeting(chain: chain, meeting: meeting)
            changed.learn(secret)
            kept = changed
        }
    }

    /// The epochs of a private meeting, waiting entries counted in.
    func walk(_ view: MeetingView, as role: Role) throws(APIError) -> EpochWalk {
        let secrets = try kept(view.id)?.secrets ?? []
        let author = try author(role)
        let agreement: AgreementKey
        do { agreement = try keys.agreement(meeting: view.id) } catch { throw failed(error) }
        let reader = EpochWalk.Reader(secrets: secrets, author: author, agreement: agreement)
        var walk = walks.withLock { $0[view.id] } ?? EpochWalk(view)
        do { try walk.advance(view, reader) } catch { throw failed(error) }
        remember(walk, of: view.id)
        for pooled in view.pooled where pooled.valid.entry.author == view.host {
            walk.take(pooled.valid.entry, at: nil, reader)
        }
        return walk
    }

    /// Keeps a walk, so that the next one begins where it ended.
    func remember(_ walk: EpochWalk, of meeting: Digest) {
        walks.withLock { walks in
            if walks.count >= Self.walkLimit { walks = [:] }
            walks[meeting] = walk
        }
    }

    /// Notes that nobody is left whom the host should serve in the present epoch.
    func markDelivered(_ meeting: Digest) {
        walks.withLock { $0[meeting]?.isDelivered = true }
    }

    /// What a caller hears of a failure that is the node's own; the operator hears more.
    func failed(_ failure: any Error) -> APIError {
        if case .file(.locked) = failure as? KeystoreFailure {
            return .busy(retryAfterMilliseconds: 1_000, "Another program uses the keystore.")
        }
        report(failure)
        return .internalFailure
    }

    /// Reads the store, whose failures are nothing that a caller can mend.
    static func read<Value>(
        _ body: () throws(StoreFailure) -> Value
    ) throws(APIError) -> Value {
        do { return try body() } catch { throw .internalFailure }
    }
}
