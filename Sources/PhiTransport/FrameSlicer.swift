import NIOCore

/// Encodes queued frames as buffers of at most one slice each.
///
/// Small frames share a buffer, because every write becomes at least one TLS record; large ones are
/// cut, because the TLS layer keeps a buffer as large as the largest flush it has ever seen.
struct FrameSlicer {
    /// One buffer to write, with what it frees in the outbox.
    struct Slice {
        /// The encoded bytes.
        var bytes: ByteBuffer
        /// What the frames that end in this slice had been charged.
        var freed: Int
    }

    private let frames: [Frame]
    private let limit: Int
    private var index = 0
    private var sentOfBody: Int?

    init(_ frames: [Frame], limit: Int = TransportPolicy.sliceBytes) {
        self.frames = frames
        self.limit = limit
    }

    /// The next buffer, or nil when all frames are out.
    mutating func next() -> Slice? {
        guard index < frames.count else { return nil }
        var slice = Slice(bytes: ByteBuffer(), freed: 0)
        slice.bytes.reserveCapacity(capacityOfNext())
        while index < frames.count {
            let frame = frames[index]
            if sentOfBody == nil {
                guard slice.bytes.readableBytes + Frame.headByteCount <= limit else { break }
                slice.bytes.writeInteger(UInt32(frame.body.count + 1), endianness: .little)
                slice.bytes.writeInteger(frame.type)
            }
            let start = sentOfBody ?? 0
            let end = min(frame.body.count, start + limit - slice.bytes.readableBytes)
            slice.bytes.writeBytes(frame.body[start..<end])
            guard end == frame.body.count else {
                sentOfBody = end
                break
            }
            sentOfBody = nil
            index += 1
            slice.freed += Outbox.charge(for: frame)
        }
        return slice
    }

    /// What the next slice will need at most, so that a lone small frame takes a small buffer.
    private func capacityOfNext() -> Int {
        var capacity = -(sentOfBody ?? 0)
        for frame in frames[index...] {
            capacity += frame.wireByteCount
            if capacity >= limit { return limit }
        }
        return capacity
    }
}
