import PhiLedger

/// A sign of life that asks for one, and tells the sender's tip.
///
/// The tip is in it so that a peer which missed the announcement of a block notices.
public struct Ping: Hashable, Sendable {
    /// What the `pong` must repeat.
    public let nonce: UInt64
    /// The end of the sender's best chain.
    public let tip: TipClaim

    /// A ping with both fields given.
    public init(nonce: UInt64, tip: TipClaim) {
        self.nonce = nonce
        self.tip = tip
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        nonce = try reader.integer("ping nonce")
        tip = try TipClaim(from: &reader)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: nonce)
        tip.append(to: &bytes)
    }
}
