import NIOCore
import Testing

@testable import PhiTransport

/// Limits of three types; the others are unknown.
private let limits: @Sendable (UInt8) -> Int? = { type in
    switch type {
    case 1: 0
    case 2: 10
    case 3: Frame.lengthLimit
    default: nil
    }
}

private func head(length: UInt32, type: UInt8?) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.writeInteger(length, endianness: .little)
    if let type { buffer.writeInteger(type) }
    return buffer
}

private func encoded(_ frames: [Frame], limit: Int = 65_536) -> [ByteBuffer] {
    var slicer = FrameSlicer(frames, limit: limit)
    var slices: [ByteBuffer] = []
    while let slice = slicer.next() { slices.append(slice.bytes) }
    return slices
}

private func decoded(_ slices: [ByteBuffer]) throws -> [Frame] {
    let processor = NIOSingleStepByteToMessageProcessor(FrameDecoder(bodyLimit: limits))
    var frames: [Frame] = []
    for slice in slices { try processor.process(buffer: slice) { frames.append($0) } }
    #expect(processor.unprocessedBytes == 0)
    return frames
}

@Suite("A frame decoder") struct FrameDecoderTests {
    @Test("refuses an empty frame by its length alone")
    func empty() {
        var decoder = FrameDecoder(bodyLimit: limits)
        var buffer = head(length: 0, type: nil)
        #expect(throws: FrameViolation.empty) { try decoder.decode(buffer: &buffer) }
    }

    @Test("refuses too long a frame by its length alone", arguments: [1_048_577, UInt32.max])
    func tooLong(length: UInt32) {
        var decoder = FrameDecoder(bodyLimit: limits)
        var buffer = head(length: length, type: nil)
        #expect(throws: FrameViolation.tooLong(length: length, limit: 1_048_576)) {
            try decoder.decode(buffer: &buffer)
        }
    }

    @Test(
        "takes a body at its type's limit and refuses one byte more before it comes",
        arguments: [(1, 0), (2, 10), (9, 4096)] as [(UInt8, Int)]
    )
    func typeLimit(type: UInt8, limit: Int) throws {
        let frame = Frame(type: type, body: [UInt8](repeating: 5, count: limit))
        #expect(try decoded(encoded([frame])) == [frame])
        var decoder = FrameDecoder(bodyLimit: limits)
        var buffer = head(length: UInt32(limit + 2), type: type)
        #expect(throws: FrameViolation.bodyTooLong(type: type, count: limit + 1, limit: limit)) {
            try decoder.decode(buffer: &buffer)
        }
    }

    @Test("takes the longest frame of all")
    func longest() throws {
        let frame = Frame(type: 3, body: [UInt8](repeating: 5, count: 1_048_575))
        #expect(try decoded(encoded([frame])) == [frame])
    }

    @Test("waits for more at every truncation", arguments: 0..<15)
    func truncation(count: Int) throws {
        let whole = encoded([Frame(type: 2, body: Array(0..<10))])[0]
        var decoder = FrameDecoder(bodyLimit: limits)
        var part = try #require(whole.getSlice(at: 0, length: count))
        #expect(try decoder.decode(buffer: &part) == nil)
        #expect(part.readableBytes == count)
    }

    @Test("takes one byte at a time")
    func dripping() throws {
        let frames = [
            Frame(type: 2, body: [1, 2]), Frame(type: 1, body: []), Frame(type: 3, body: [4]),
        ]
        let bytes = encoded(frames)[0]
        let drops = bytes.readableBytesView.map { ByteBuffer(bytes: [$0]) }
        #expect(try decoded(drops) == frames)
    }
}

@Suite("A frame slicer") struct FrameSlicerTests {
    @Test("writes the documented bytes")
    func layout() {
        let slices = encoded([Frame(type: 9, body: [0xAA, 0xBB])])
        #expect(slices == [ByteBuffer(bytes: [3, 0, 0, 0, 9, 0xAA, 0xBB])])
    }

    @Test("cuts and joins without loss, whatever the slice", arguments: [5, 6, 7, 16, 64, 1000])
    func slicing(limit: Int) throws {
        let frames = (0..<60).map { count in
            Frame(type: 3, body: [UInt8](repeating: UInt8(count), count: count * count % 97))
        }
        let slices = encoded(frames, limit: limit)
        #expect(slices.allSatisfy { $0.readableBytes <= limit && $0.readableBytes > 0 })
        #expect(try decoded(slices) == frames)
    }

    @Test("frees exactly what the outbox charged")
    func freeing() {
        let frames = (0..<40).map { Frame(type: 3, body: [UInt8](repeating: 0, count: $0 * 31)) }
        var slicer = FrameSlicer(frames, limit: 100)
        var freed = 0
        while let slice = slicer.next() { freed += slice.freed }
        #expect(freed == frames.reduce(0) { $0 + Outbox.charge(for: $1) })
    }
}

@Suite("An outbox") struct OutboxTests {
    private let frame = Frame(type: 1, body: [UInt8](repeating: 0, count: 31))

    @Test("takes frames up to its budget and not one byte more")
    func budget() {
        let exact = Outbox(budget: 200)
        #expect(exact.offer(frame))
        #expect(exact.offer(frame))
        #expect(exact.chargedBytes == 200)
        let tight = Outbox(budget: 199)
        #expect(tight.offer(frame))
        #expect(!tight.offer(frame))
    }

    @Test("counts what was taken until it is freed")
    func freeing() {
        let outbox = Outbox(budget: 100)
        #expect(outbox.offer(frame))
        #expect(outbox.take() == [frame])
        #expect(!outbox.offer(frame))
        outbox.free(Outbox.charge(for: frame))
        #expect(outbox.offer(frame))
    }

    @Test("takes nothing after closing, and keeps the first reason")
    func closing() {
        let outbox = Outbox(budget: 1000)
        #expect(outbox.offer(frame))
        #expect(outbox.close(.closedHere(reason: "first")))
        #expect(!outbox.close(.silent))
        #expect(!outbox.offer(frame))
        #expect(outbox.take() == [frame])
        #expect(outbox.departure == .closedHere(reason: "first"))
    }

    @Test(
        "refuses a frame that no peer would take",
        arguments: [(1_048_575, true), (1_048_576, false)]
    )
    func tooLong(count: Int, isTaken: Bool) {
        let outbox = Outbox(budget: 4_000_000)
        #expect(outbox.offer(Frame(type: 1, body: [UInt8](repeating: 0, count: count))) == isTaken)
    }
}
