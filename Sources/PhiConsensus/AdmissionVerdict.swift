public import PhiCrypto

/// What a link's key has said of the admission in a `join`.
///
/// An entry never changes, and with it neither the meeting, the author nor the signature, so that
/// the verdict of a key holds for good. It is kept with the entry and goes where the entry goes:
/// no cache beside needs a limit of its own. Another key is asked anew.
public indirect enum AdmissionVerdict: Equatable, Sendable {
    /// No key was asked; it is so for all entries but a `join` to a meeting with a link.
    case unasked
    /// The admission is signed by the key.
    case signed(by: VerifyingKey)
    /// The admission is not signed by the key.
    case refused(by: VerifyingKey, SignatureFailure)

    /// The key that was asked.
    public var linkKey: VerifyingKey? {
        switch self {
        case .unasked: nil
        case .signed(let key), .refused(let key, _): key
        }
    }

    /// Why the key refused.
    public var failure: SignatureFailure? {
        if case .refused(_, let failure) = self { failure } else { nil }
    }
}
