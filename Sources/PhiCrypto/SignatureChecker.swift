import COpenSSL

/// Judges signatures by rule P-Ed25519, fastest when one author's follow each other.
///
/// Getting libcrypto ready for a key costs a twentieth of a verification. A checker does that
/// once for all signatures in a row by one key, so callers sort by author what they have.
public final class SignatureChecker {
    /// Whose signatures the context is ready for.
    private var author: VerifyingKey?
    /// It never verifies anything itself: each signature gets a copy.
    private var context: LibraryDigestContext

    /// A checker that is ready for no key yet.
    public init() {
        guard let made = try? LibraryDigestContext() else {
            preconditionFailure("libcrypto has memory for a context")
        }
        context = made
    }

    /// Judges a signature by rule P-Ed25519, which all nodes must share.
    ///
    /// Libraries agree on honest signatures and differ on crafted ones. The byte checks refuse
    /// every signature that they differ on; the equation is then the strict, cofactorless one.
    ///
    /// - Parameters:
    ///   - signature: The signature.
    ///   - message: The bytes that are signed.
    ///   - author: Whose signature it shall be.
    /// - Throws: Why the signature is refused.
    public func check(
        _ signature: Signature,
        of message: [UInt8],
        by author: VerifyingKey
    ) throws(SignatureFailure) {
        guard Edwards25519.isReduced(scalar: signature.scalar) else { throw .unreducedScalar }
        guard Edwards25519.isCanonical(author.words) else { throw .nonCanonicalKey }
        guard Edwards25519.isCanonical(signature.nonce) else { throw .nonCanonicalNonce }
        guard !Edwards25519.isOfSmallOrder(author.words) else { throw .smallOrderKey }
        guard !Edwards25519.isOfSmallOrder(signature.nonce) else { throw .smallOrderNonce }
        guard solvesEquation(signature, of: message, by: author) else { throw .mismatch }
    }

    /// Whether R is the encoding of [S]B − [k]A, as libcrypto finds.
    ///
    /// A library that cannot start, for want of memory or of its algorithms, must not make this
    /// node judge unlike the others, so it ends the process.
    private func solvesEquation(
        _ signature: Signature,
        of message: [UInt8],
        by author: VerifyingKey
    ) -> Bool {
        if self.author != author {
            guard let key = try? LibraryKey(.ed25519, publicKey: author.words) else {
                // The library may look for the point as early as here.
                guard (try? LibraryKey(.ed25519, publicKey: Edwards25519.basePoint)) != nil else {
                    preconditionFailure("libcrypto takes Ed25519 keys")
                }
                ERR_clear_error()
                return false
            }
            guard let made = try? LibraryDigestContext.verifying(key) else {
                preconditionFailure("libcrypto can start to verify an Ed25519 signature")
            }
            context = made
            self.author = author
        }
        guard let copy = try? context.copy() else {
            preconditionFailure("libcrypto can copy what is ready to verify")
        }
        let status = unsafe withUnsafeBytes(of: signature) { bytes in
            unsafe EVP_DigestVerify(
                copy.handle,
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                bytes.count,
                message,
                message.count
            )
        }
        guard status == 1 else {
            ERR_clear_error()
            return false
        }
        return true
    }
}
