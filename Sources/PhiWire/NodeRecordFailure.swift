public import PhiCrypto
public import PhiLedger

/// Why a node record of the right shape is refused.
public enum NodeRecordFailure: Error, Equatable, Sendable {
    /// The lowest version of the protocol is 0 or lies above the highest.
    case protocolRange(minimum: UInt8, maximum: UInt8)
    /// The record was signed later than a fast clock explains.
    case fromTheFuture(signed: Timestamp, latest: Timestamp)
    /// The record has ended.
    case ended(end: Timestamp, now: Timestamp)
    /// The record lasts longer than any may.
    case lastsTooLong(end: Timestamp, latest: Timestamp)
    /// An address names no machine.
    case unspecifiedAddress(PeerAddress)
    /// An address names many machines.
    case multicastAddress(PeerAddress)
    /// An address names all machines of a link.
    case broadcastAddress(PeerAddress)
    /// An address has no port.
    case missingPort(PeerAddress)
    /// An address means nothing where the record came from.
    case localAddress(PeerAddress)
    /// The signature is not the identity's for this record on this network.
    case signature(SignatureFailure)
}
