public import PhiAPI

/// The methods that sign with the node's own keystore, which only an operator can turn on.
public protocol NodeKeystoreMethods: Sendable {
    /// Answers one of ``RPCMethods/keystoreMethods`` with the bytes of its result.
    func call(_ method: String, _ parameters: Parameters) async throws(APIError) -> [UInt8]

    /// Does what nobody calls for: signs the minutes of meetings whose end is settled.
    func tend() async
}
