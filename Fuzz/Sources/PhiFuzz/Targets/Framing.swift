import NIOCore
import PhiLedger
import PhiWire

@testable import PhiTransport

extension FuzzTarget {
    /// The stream of bytes of a connection, in pieces of any size.
    static let framing = FuzzTarget(
        "framing",
        "frames cut out of a stream: the same whatever the pieces, refused by their heads alone",
        byteLimit: 16_384,
        memory: MemoryBound(base: 65_536, perByte: 24),
        seeds: {
            let frames = Samples.messages.map { message in
                var bytes: [UInt8] = []
                let body = message.encodedBody()
                bytes.append(littleEndian: UInt32(body.count + 1))
                return bytes + [message.type.rawValue] + body
            }
            let short = frames.filter { $0.count < 500 }
            return frames.map { [3] + $0 } + [[1] + short.joined(), [0] + short.joined()]
        },
        run: { input in
            var supply = Supply(input)
            let step = Int(supply.byte())
            let stream = supply.rest()
            let whole = cut(stream, into: max(1, stream.count))
            let pieces = cut(stream, into: step == 0 ? 1 : step * step)
            claimEqual(pieces.frames, whole.frames, "frames from pieces of a stream")
            claimEqual(pieces.failure, whole.failure, "the end of a stream in pieces")
            var again: [UInt8] = []
            for frame in whole.frames {
                let limit = MessageType.bodyLimit(forType: frame.type) ?? Frame.unknownBodyLimit
                claim(frame.body.count <= limit) { "a frame keeps the limit of its type" }
                again.append(littleEndian: UInt32(frame.body.count + 1))
                again.append(frame.type)
                again.append(contentsOf: frame.body)
            }
            claim(stream.starts(with: again)) { "frames written again are the stream's front" }
            let left = stream.count - again.count
            claim(whole.failure != nil || left == whole.kept) { "nothing is lost between frames" }
        }
    )

    private struct Cut {
        var frames: [Frame] = []
        var failure: FrameViolation?
        var kept = 0
    }

    private static func cut(_ stream: [UInt8], into size: Int) -> Cut {
        var decoder = FrameDecoder { MessageType.bodyLimit(forType: $0) }
        var buffer = ByteBuffer(bytes: [])
        var result = Cut()
        do {
            for start in stride(from: 0, to: stream.count, by: size) {
                buffer.writeBytes(stream[start..<min(start + size, stream.count)])
                while let frame = try decoder.decode(buffer: &buffer) {
                    result.frames.append(frame)
                }
            }
        } catch {
            result.failure = error as? FrameViolation
            claim(result.failure != nil) { "a frame is refused for a reason: \(error)" }
        }
        result.kept = buffer.readableBytes
        return result
    }
}
