public import PhiLedger

/// Why a frame's body is no message.
public enum WireFailure: Error, Equatable, Sendable {
    /// No message of this version has the type; the frame is skipped.
    case unknownType(UInt8)
    /// The peer speaks another version of the protocol, which is no fault.
    case otherVersion(supported: UInt16, found: UInt16)
    /// The body is longer than any of its type.
    case bodyOverLimit(type: MessageType, limit: Int, found: Int)
    /// The body is not the encoding of a message of its type.
    case decoding(type: MessageType, DecodingFailure)

    /// The bytes are no frame, or a frame was not ended in its time.
    case framing(isSlow: Bool)

    /// Whether only a faulty or hostile peer sends this, and not a newer one.
    public var isMisbehavior: Bool {
        switch self {
        case .unknownType, .otherVersion, .framing(isSlow: true): false
        case .bodyOverLimit, .decoding, .framing(isSlow: false): true
        }
    }
}

extension WireFailure: CustomStringConvertible {
    /// A sentence that names the message and the rule.
    public var description: String {
        switch self {
        case .unknownType(let type): "no message has the type \(type)"
        case .otherVersion(let supported, let found):
            "the peer speaks version \(found) of the protocol, this node \(supported)"
        case .bodyOverLimit(let type, let limit, let found):
            "a \(type.name) of \(found) bytes is over its limit of \(limit)"
        case .decoding(let type, let failure): "\(type.name): \(failure)"
        case .framing(let isSlow):
            isSlow ? "a frame was not ended in its time" : "the bytes are no frame"
        }
    }
}
