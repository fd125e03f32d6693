public import PhiLedger

/// Networks whose blocks and stamps take next to no work.
public enum TestNetwork {
    /// When every test network began unless told otherwise, in November 2023.
    public static let genesisTime = Timestamp(milliseconds: 1_700_000_000_000)

    /// A network with the easiest blocks, whose genesis header is the same each time.
    ///
    /// - Parameters:
    ///   - retargets: Whether difficulty follows the schedule; a block in each interval keeps it.
    ///   - stampRate: Hashes of stamp work for each byte.
    ///   - expiry: Blocks after its anchor in which an entry can be recorded, 10 at least.
    ///   - undoWindow: Blocks whose undo data is kept, 10 at least.
    ///   - genesisTime: The time of the genesis block.
    ///   - genesisTarget: The target of the genesis block; nil is the easiest.
    ///   - prefix: The prefix of the network's identifiers.
    ///   - change: Sets any other parameter.
    /// - Returns: The network.
    public static func make(
        retargets: Bool = false,
        stampRate: UInt32 = 0,
        expiry: UInt32 = 100,
        undoWindow: UInt32 = 100,
        genesisTime: Timestamp = genesisTime,
        genesisTarget: Target? = nil,
        prefix: String = "phid",
        _ change: (inout NetworkParameters) -> Void = { _ in }
    ) -> Network {
        var parameters = NetworkParameters.development
        parameters.retargets = retargets
        parameters.stampRate = stampRate
        parameters.expiry = expiry
        parameters.undoWindow = undoWindow
        change(&parameters)
        let target = genesisTarget ?? parameters.targetLimit
        let draft = Network.genesisDraft(
            parameters: parameters,
            time: genesisTime,
            target: target
        )
        do {
            return try Network(
                name: "testing",
                prefix: prefix,
                parameters: parameters,
                genesis: mined(draft, target: target)
            )
        } catch { preconditionFailure("the parameters of a test network fit: \(error)") }
    }

    /// The header with the least nonce that shows its work.
    public static func mined(_ header: Header, target: Target) -> Header {
        guard let nonce = header.firstNonce(meeting: target, in: 0..<(1 << 40)) else {
            preconditionFailure("some nonce of 2^40 meets the target")
        }
        var header = header
        header.nonce = nonce
        return header
    }
}
