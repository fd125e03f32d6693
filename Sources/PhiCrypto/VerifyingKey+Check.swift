import COpenSSL

extension VerifyingKey {
    /// Whether the signature is this key's for the message, by rule P-Ed25519.
    public func isValid(_ signature: Signature, of message: [UInt8]) -> Bool {
        do throws(SignatureFailure) {
            try check(signature, of: message)
            return true
        } catch {
            return false
        }
    }

    /// Judges a signature by rule P-Ed25519, which all nodes must share.
    ///
    /// Libraries agree on honest signatures and differ on crafted ones. The byte checks refuse
    /// every signature that they differ on; the equation is then the strict, cofactorless one.
    public func check(
        _ signature: Signature,
        of message: [UInt8]
    ) throws(SignatureFailure) {
        guard Edwards25519.isReduced(scalar: signature.scalar) else { throw .unreducedScalar }
        guard Edwards25519.isCanonical(words) else { throw .nonCanonicalKey }
        guard Edwards25519.isCanonical(signature.nonce) else { throw .nonCanonicalNonce }
        guard !Edwards25519.isOfSmallOrder(words) else { throw .smallOrderKey }
        guard !Edwards25519.isOfSmallOrder(signature.nonce) else { throw .smallOrderNonce }
        guard solvesEquation(signature, of: message) else { throw .mismatch }
    }

    /// Whether R is the encoding of [S]B − [k]A, as libcrypto finds.
    ///
    /// A library that cannot start, for want of memory or of its algorithms, must not make this
    /// node judge unlike the others, so it ends the process.
    private func solvesEquation(_ signature: Signature, of message: [UInt8]) -> Bool {
        // The library may look for the point as early as here.
        guard let key = try? LibraryKey(.ed25519, publicKey: words) else {
            ERR_clear_error()
            return false
        }
        guard let context = try? LibraryDigestContext(),
            unsafe EVP_DigestVerifyInit(context.handle, nil, nil, nil, key.handle) == 1
        else {
            preconditionFailure("libcrypto can start to verify an Ed25519 signature")
        }
        let status = unsafe withUnsafeBytes(of: signature) { bytes in
            unsafe EVP_DigestVerify(
                context.handle,
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
