/// Why a signature is refused, in the order in which it is judged.
public enum SignatureFailure: Error, Equatable, Sendable {
    /// The scalar S is not below the group's order.
    case unreducedScalar
    /// The key's y coordinate is not below the field's prime.
    case nonCanonicalKey
    /// The nonce point's y coordinate is not below the field's prime.
    case nonCanonicalNonce
    /// The key is a point of small order, whose signatures fit many messages.
    case smallOrderKey
    /// The nonce point is of small order.
    case smallOrderNonce
    /// The key is no point of the curve, or the equation does not hold.
    case mismatch
}
