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

    /// Judges one signature by rule P-Ed25519, see `SignatureChecker`.
    public func check(
        _ signature: Signature,
        of message: [UInt8]
    ) throws(SignatureFailure) {
        let checker = SignatureChecker()
        try checker.check(signature, of: message, by: self)
    }
}
