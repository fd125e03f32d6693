import PhiCrypto

extension Header {
    /// Looks for the least nonce in a range that meets a target; bounded and synchronous.
    ///
    /// - Parameters:
    ///   - target: What the hash must meet.
    ///   - range: The nonces to try; its length bounds the time that the call takes.
    /// - Returns: The nonce, or nil where the range holds none.
    public func firstNonce(meeting target: Target, in range: Range<UInt64>) -> UInt64? {
        HashSearch.firstNonce(
            prefix: searchPrefix,
            tail: searchTail,
            target: target.digest,
            in: range
        )
    }
}
