/// One message on the wire, as the transport sees it: a type and bytes.
///
/// On the wire a frame is a little-endian u32 that counts the type and the body, then the type, then
/// the body. What the bytes mean is not known here.
public struct Frame: Hashable, Sendable {
    /// The largest count of type and body together.
    ///
    /// A block with its payloads fits; anything longer is cut into several messages by the protocol.
    public static let lengthLimit = 1_048_576

    /// The body limit of a type that the protocol does not name.
    ///
    /// Such frames are let through so that later versions may add messages, but they stay small.
    public static let unknownBodyLimit = 4096

    /// What kind of message the body is.
    public let type: UInt8
    /// The encoded message.
    public let body: [UInt8]

    /// Makes a frame; one longer than ``lengthLimit`` can be made but is never sent.
    public init(type: UInt8, body: [UInt8]) {
        self.type = type
        self.body = body
    }

    /// The bytes before the type: the count.
    static let countByteCount = 4
    /// The bytes before the body: the count and the type.
    static let headByteCount = 5

    /// The bytes that the frame takes on the wire.
    var wireByteCount: Int { Frame.headByteCount + body.count }

    /// True where every peer's decoder would refuse the frame by its length alone.
    var isTooLong: Bool { body.count >= Frame.lengthLimit }
}
