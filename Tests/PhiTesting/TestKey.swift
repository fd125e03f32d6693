public import PhiCrypto
import PhiLedger

/// A key pair that its name fixes: an author's, or a link's.
public struct TestKey: Hashable, Sendable {
    /// The 32 bytes that the key pair comes from.
    public let seed: [UInt8]
    /// The public half.
    public let verifyingKey: VerifyingKey

    /// The key pair of a name.
    public init(_ name: String) {
        seed = SHA256.hash(Array("phi test key: \(name)".utf8)).bytes
        do {
            verifyingKey = try SigningKey(seed: seed).verifyingKey
        } catch { preconditionFailure("libcrypto derives a key: \(error)") }
    }

    /// The signature over a message.
    public func sign(_ message: [UInt8]) -> Signature {
        do {
            return try SigningKey(seed: seed).sign(message)
        } catch { preconditionFailure("libcrypto signs: \(error)") }
    }

    /// What this key signs as the key of a meeting's link to let an author in.
    public func admission(of author: VerifyingKey, to meeting: Digest) -> Signature {
        sign(Admission.message(meeting: meeting, author: author))
    }
}
