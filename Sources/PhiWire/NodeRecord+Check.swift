public import PhiCrypto
public import PhiLedger

extension NodeRecord {
    /// Milliseconds from signing, and from now, to the end of a record at most.
    public static let longestValidity: UInt64 = 48 * 60 * 60 * 1_000
    /// Milliseconds that a record's clock may be ahead.
    public static let clockTolerance: UInt64 = 10 * 60 * 1_000

    /// Refuses a record that breaks a rule, the signature last because it costs most.
    ///
    /// - Parameters:
    ///   - chain: The hash of the network's genesis block, which the signature covers.
    ///   - now: The judge's time.
    ///   - peer: The address of the peer that sent the record; nil when it came from no peer.
    ///   - isLocalNetwork: Whether all nodes are meant to be in one local network.
    /// - Throws: The first rule that the record breaks.
    public func check(
        chain: Digest,
        now: Timestamp,
        receivedFrom peer: PeerAddress?,
        isLocalNetwork: Bool
    ) throws(NodeRecordFailure) {
        guard minimumProtocol > 0, minimumProtocol <= maximumProtocol else {
            throw .protocolRange(minimum: minimumProtocol, maximum: maximumProtocol)
        }
        try checkTimes(now: now)
        for address in addresses { try Self.check(address) }
        let allowsLocal = isLocalNetwork || peer?.isLocal == true
        if !allowsLocal, let address = addresses.first(where: \.isLocal) {
            throw .localAddress(address)
        }
        let unsigned = Array(encoded.dropLast(Signature.byteCount))
        do {
            try identity.check(signature, of: Self.signedMessage(unsigned, chain: chain))
        } catch { throw .signature(error) }
    }

    private func checkTimes(now: Timestamp) throws(NodeRecordFailure) {
        let latestSigning = now.adding(milliseconds: Self.clockTolerance)
        guard signedAt <= latestSigning else {
            throw .fromTheFuture(signed: signedAt, latest: latestSigning)
        }
        guard end > now else { throw .ended(end: end, now: now) }
        let latestEnd = min(signedAt, now).adding(milliseconds: Self.longestValidity)
        guard end <= latestEnd else { throw .lastsTooLong(end: end, latest: latestEnd) }
    }

    private static func check(_ address: PeerAddress) throws(NodeRecordFailure) {
        guard !address.isUnspecified else { throw .unspecifiedAddress(address) }
        guard !address.isMulticast else { throw .multicastAddress(address) }
        guard !address.isBroadcast else { throw .broadcastAddress(address) }
        guard address.port > 0 else { throw .missingPort(address) }
    }

    static func signedMessage(_ unsigned: [UInt8], chain: Digest) -> [UInt8] {
        Domain.nodeRecord + chain.bytes + unsigned
    }
}
