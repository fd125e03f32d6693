import NIOSSL
import PhiCrypto

/// Decides whether the key that a peer shows is one to talk to.
struct PeerJudge {
    /// This node's own key, which no peer may have.
    let own: VerifyingKey
    /// The key sought by a dial, or nil where any key will do.
    let expected: VerifyingKey?

    /// Judges the certificates that TLS received.
    func judge(_ certificates: [NIOSSLCertificate]) throws(HandshakeFailure) -> VerifyingKey {
        guard certificates.count == 1, let leaf = certificates.first else {
            throw .certificateCount(certificates.count)
        }
        let key = try PeerJudge.key(of: leaf)
        guard key != own else { throw .ourselves }
        guard expected == nil || key == expected else {
            throw .unexpectedKey(found: key)
        }
        return key
    }

    private static func key(of leaf: NIOSSLCertificate) throws(HandshakeFailure) -> VerifyingKey {
        let prefix = DistinguishedEncoding.publicKeyPrefix
        guard let encoded = try? leaf.extractPublicKey().toSPKIBytes(),
            encoded.count == prefix.count + 32, encoded.starts(with: prefix),
            let key = VerifyingKey(encoded.dropFirst(prefix.count))
        else { throw .notEd25519 }
        guard isSound(key) else { throw .weakKey }
        return key
    }

    /// Whether the key is one that proves anything: everybody can sign for a key of small order.
    ///
    /// The key's own checks come before those of the signature, and a signature of zeros fails at its
    /// nonce before any arithmetic.
    private static func isSound(_ key: VerifyingKey) -> Bool {
        guard let zeros = Signature([UInt8](repeating: 0, count: Signature.byteCount)) else {
            return false
        }
        do throws(SignatureFailure) {
            try key.check(zeros, of: [])
            return false
        } catch {
            return error == .smallOrderNonce
        }
    }
}
