import PhiCrypto
import PhiLedger

/// A network whose blocks take a few hashes, so that thousands can be found in a second.
enum SimulatedNetwork {
    /// When every simulated network begins.
    static let genesisTime = Timestamp(milliseconds: 1_700_000_000_000)
    /// Hashes that a block takes at the start.
    static let firstWork: UInt64 = 16

    static func make(_ parameters: NetworkParameters) -> Network {
        let target = Target.powerOfTwo(252)
        let draft = Network.genesisDraft(
            parameters: parameters,
            time: genesisTime,
            target: target
        )
        do {
            return try Network(
                name: "simulated",
                prefix: "phis",
                parameters: parameters,
                genesis: mined(draft, target: target)
            )
        } catch { preconditionFailure("the parameters of a simulated network fit: \(error)") }
    }

    /// The header with the least nonce that shows its work.
    static func mined(_ header: Header, target: Target) -> Header {
        guard let nonce = header.firstNonce(meeting: target, in: 0..<(1 << 40)) else {
            preconditionFailure("some nonce of 2^40 meets the target")
        }
        var header = header
        header.nonce = nonce
        return header
    }
}

/// A key pair that its name fixes.
struct SimulatedKey: Hashable, Sendable {
    private let seed: [UInt8]
    let verifyingKey: VerifyingKey

    init(_ name: String) {
        seed = SHA256.hash(Array("phi simulated key: \(name)".utf8)).bytes
        do { verifyingKey = try SigningKey(seed: seed).verifyingKey } catch {
            preconditionFailure("libcrypto derives a key: \(error)")
        }
    }

    func signingKey() throws(CryptoFailure) -> SigningKey { try SigningKey(seed: seed) }

    func sign(_ message: [UInt8]) -> Signature {
        do { return try SigningKey(seed: seed).sign(message) } catch {
            preconditionFailure("libcrypto signs: \(error)")
        }
    }
}
