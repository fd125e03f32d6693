public import PhiCrypto

/// A network: its parameters, and the genesis block that fixes them.
public struct Network: Hashable, Sendable {
    /// What people call the network; nothing depends on it.
    public let name: String
    /// The prefix of the network's bech32m identifiers.
    public let prefix: String
    /// The numbers that consensus depends on.
    public let parameters: NetworkParameters
    /// The first header.
    public let genesis: Header
    /// The genesis header's hash, which names the network.
    public let chain: Digest

    /// A network whose genesis header is consistent with its parameters.
    public init(
        name: String,
        prefix: String,
        parameters: NetworkParameters,
        genesis: Header
    ) throws(GenesisFailure) {
        do { try parameters.validate() } catch { throw .parameters(error) }
        guard genesis.height == .genesis else { throw .height(genesis.height) }
        guard genesis.previous == parameters.commitment else { throw .otherParameters }
        guard genesis.entryCount == 0, genesis.bodyBytes == 0,
            genesis.entriesRoot == MerkleTree.emptyRoot
        else { throw .notEmpty }
        guard genesis.historyRoot == MerkleTree.emptyRoot else { throw .history }
        guard genesis.idle == 0 else { throw .idle(genesis.idle) }
        let target: Target
        do {
            target = try Target(compact: genesis.bits, limit: parameters.targetLimit)
        } catch { throw .target(error) }
        guard genesis.time.milliseconds < 1 << 46 else { throw .time(genesis.time) }
        chain = genesis.hash
        guard target.isMet(by: chain) else { throw .work }
        guard genesis.chainWork == target.work else {
            throw .chainWork(expected: target.work, found: genesis.chainWork)
        }
        self.name = name
        self.prefix = prefix
        self.parameters = parameters
        self.genesis = genesis
    }

    /// The genesis header for given parameters, its nonce still to be searched.
    ///
    /// The target must be one that its compact form holds exactly.
    public static func genesisDraft(
        parameters: NetworkParameters,
        time: Timestamp,
        target: Target
    ) -> Header {
        Header(
            height: .genesis,
            entryCount: 0,
            bodyBytes: 0,
            previous: parameters.commitment,
            entriesRoot: MerkleTree.emptyRoot,
            historyRoot: MerkleTree.emptyRoot,
            chainWork: target.work,
            time: time,
            idle: 0,
            bits: target.compact,
            nonce: 0
        )
    }
}

/// Why a genesis header makes no network.
public enum GenesisFailure: Error, Equatable, Sendable {
    /// The parameters contradict each other.
    case parameters(ParametersFailure)
    /// The height is not 0.
    case height(Height)
    /// The header commits to other parameters.
    case otherParameters
    /// A genesis block has no entries.
    case notEmpty
    /// A genesis block has no history.
    case history
    /// A genesis block forgives no time.
    case idle(UInt64)
    /// The target is not a possible one.
    case target(TargetFailure)
    /// The time is past what the difficulty rule can compute with.
    case time(Timestamp)
    /// The hash does not meet the target.
    case work
    /// The chain's work is not the work of this one block.
    case chainWork(expected: Work, found: Work)
}
