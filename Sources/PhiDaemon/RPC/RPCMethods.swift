public import PhiAPI
import PhiChain
import PhiLedger
import PhiLevelDB
public import PhiRPC

/// Answers every method of the RPC from the node behind it.
///
/// Reads of the chain go to a frozen view and never wait for the engine. Where entries of the pool
/// count, the pool is asked first, so that nothing vanishes between the two.
public struct RPCMethods: Sendable {
    typealias Chain = ChainReader<LevelDBSnapshot>

    /// The methods that need the node's own keystore.
    public static let keystoreMethods = [
        "meeting.create", "meeting.join", "message.send", "meeting.admit", "meeting.revoke",
        "meeting.close", "meeting.approve",
    ]

    let node: NodeAccess
    let version: String
    let events: LedgerEvents
    let keystore: (any NodeKeystoreMethods)?
    let stamps = StampBench()
    let answers = ChainAnswers()

    /// Methods over a node.
    /// - Parameters:
    ///   - node: What may be asked of the node.
    ///   - version: The program's version.
    ///   - events: The hub that hears of all changes.
    ///   - keystore: The methods with the node's own keystore, where the operator turned it on.
    public init(
        node: NodeAccess,
        version: String,
        events: LedgerEvents,
        keystore: (any NodeKeystoreMethods)? = nil
    ) {
        self.node = node
        self.version = version
        self.events = events
        self.keystore = keystore
    }

    /// What a server needs, all in one.
    /// - Parameter metrics: Writes the node's metrics for Prometheus.
    /// - Returns: The backend.
    public func backend(metrics: @escaping @Sendable () async -> String) -> RPCBackend {
        RPCBackend(
            call: { method, parameters, _ in await call(method, parameters) },
            subscribe: { topic, cursor in await events.subscribe(topic, after: cursor, node: node)
            },
            metrics: metrics,
            isHealthy: { Self.verdict(await health(.alive)) },
            isReady: { Self.verdict(await health(.ready)) }
        )
    }

    private static func verdict(_ health: NodeHealth) -> (Bool, JSON) {
        let json = try? JSON(parsing: health.serialized())
        return (health.isHealthy, json ?? .null)
    }

    /// Answers one call, whose caller was found to be allowed it.
    public func call(
        _ method: String,
        _ parameters: Parameters
    ) async -> Result<[UInt8], APIError> {
        do throws(APIError) {
            return .success(try await answer(method, parameters))
        } catch { return .failure(error) }
    }

    private func answer(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method.prefix(while: { $0 != "." }) {
        case "node": try await nodeMethod(method)
        case "chain": try await chainMethod(method, parameters)
        case "entry": try await entryMethod(method, parameters)
        case "stamp": try await stampMethod(method, parameters)
        case "author": try await authorMethod(method, parameters)
        case "peer": try await peerMethod(method, parameters)
        case "miner": try await minerMethod(method, parameters)
        case "mempool": try await mempoolMethod(method, parameters)
        default:
            if Self.keystoreMethods.contains(method) {
                try await keystoreMethod(method, parameters)
            } else {
                try await meetingMethod(method, parameters)
            }
        }
    }

    private func keystoreMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        guard let keystore else {
            throw APIError(
                code: APIError.Code.notAuthorized,
                message: "This node has no keystore of its own. Start it with --node-keystore, "
                    + "or sign at the client and call entry.submit."
            )
        }
        return try await keystore.call(method, parameters)
    }

    /// What is done, as an answer.
    static let done = Array(#"{"done":true}"#.utf8)

    /// Reads the store, whose failures are nothing that a caller can mend.
    static func read<Value>(
        _ body: () throws(StoreFailure) -> Value
    ) throws(APIError) -> Value {
        do { return try body() } catch { throw .internalFailure }
    }
}
