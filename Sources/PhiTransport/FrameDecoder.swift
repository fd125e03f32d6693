import NIOCore

/// Cuts frames out of the byte stream and refuses by length and type alone.
///
/// No byte of a body is kept beyond what has arrived, and nothing is reserved for what is announced.
struct FrameDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = Frame

    private let bodyLimit: @Sendable (UInt8) -> Int?
    private var judgedBodyCount: Int?

    init(bodyLimit: @escaping @Sendable (UInt8) -> Int?) {
        self.bodyLimit = bodyLimit
    }

    mutating func decode(buffer: inout ByteBuffer) throws -> Frame? {
        guard let count = try judgedBodyCount ?? judge(buffer) else { return nil }
        judgedBodyCount = count
        guard buffer.readableBytes >= Frame.headByteCount + count else { return nil }
        judgedBodyCount = nil
        buffer.moveReaderIndex(forwardBy: Frame.countByteCount)
        guard let type = buffer.readInteger(as: UInt8.self),
            let body = buffer.readBytes(length: count)
        else { return nil }
        return Frame(type: type, body: body)
    }

    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> Frame? {
        try decode(buffer: &buffer)
    }

    /// Judges the head of the next frame, as far as it has arrived.
    /// - Returns: The body's length, or nil while the head is incomplete.
    private func judge(_ buffer: ByteBuffer) throws(FrameViolation) -> Int? {
        let start = buffer.readerIndex
        guard let length = buffer.getInteger(at: start, endianness: .little, as: UInt32.self)
        else { return nil }
        guard length >= 1 else { throw .empty }
        guard length <= UInt32(Frame.lengthLimit) else {
            throw .tooLong(length: length, limit: Frame.lengthLimit)
        }
        guard let type = buffer.getInteger(at: start + Frame.countByteCount, as: UInt8.self)
        else { return nil }
        let count = Int(length) - 1
        let limit = bodyLimit(type) ?? Frame.unknownBodyLimit
        guard count <= limit else {
            throw .bodyTooLong(type: type, count: count, limit: limit)
        }
        return count
    }
}
