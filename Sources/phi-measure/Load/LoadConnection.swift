#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One connection that sends its next request when the answer to the last one is there.
///
/// It looks at an answer as little as it can: client and node share the machine.
final class LoadConnection {
    let descriptor: Int32
    private let requests: [[UInt8]]
    private var next = 0
    private var sent = 0
    private var isWaiting = false
    private var start = ContinuousClock.now
    private var answer: [UInt8] = []
    private var filled = 0
    private var awaited: Int?

    private static let headerEnd = Array("\r\n\r\n".utf8)
    private static let lengthField = Array("ontent-Length: ".utf8)
    private static let success = Array("\"result\":".utf8)
    private static let successWithin = 128

    /// A connection with requests to send in turn.
    init(to target: LoadTarget, requests: [[UInt8]]) throws {
        self.requests = requests
        descriptor = try target.connect()
        answer = [UInt8](repeating: 0, count: 1 << 16)
    }

    deinit { close(descriptor) }

    /// Whether every request was sent once and answered.
    var hasSentAll: Bool { next >= requests.count }

    /// Sends the next request; after the last one comes the first one again.
    func send() throws {
        let request = requests[next % requests.count]
        if !isWaiting {
            isWaiting = true
            start = .now
        }
        let count = unsafe request.withUnsafeBytes { bytes in
            unsafe write(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
        }
        guard count >= 0 else {
            guard errno == EAGAIN else { throw MeasureFailure.answer("a request was not taken") }
            return
        }
        sent += count
    }

    /// Whether a part of the request is still to be sent.
    var isSending: Bool { isWaiting && sent < requests[next % requests.count].count }

    /// Takes what has come; answers how long the answer took once it is whole.
    func receive() throws -> Duration? {
        if filled == answer.count { answer += [UInt8](repeating: 0, count: answer.count) }
        let position = filled
        let count = unsafe answer.withUnsafeMutableBytes { bytes in
            let free = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[position...])
            return unsafe read(descriptor, free.baseAddress, free.count)
        }
        guard count > 0 else {
            guard count < 0, errno == EAGAIN else {
                throw MeasureFailure.answer("the server ended a connection")
            }
            return nil
        }
        filled += count
        if awaited == nil { awaited = try length() }
        guard let awaited, filled >= awaited else { return nil }
        guard filled == awaited else { throw MeasureFailure.answer("there is more than asked") }
        let time = start.duration(to: .now)
        next += 1
        sent = 0
        filled = 0
        isWaiting = false
        self.awaited = nil
        return time
    }

    /// Bytes of the answer with its header, once that is there.
    private func length() throws -> Int? {
        guard let end = position(of: Self.headerEnd, in: 0..<filled) else { return nil }
        let bodyStart = end + Self.headerEnd.count
        guard let field = position(of: Self.lengthField, in: 0..<end) else {
            throw MeasureFailure.answer("an answer does not tell its length")
        }
        let digits = answer[(field + Self.lengthField.count)..<end].prefix { $0 != 13 }
        guard let count = Int(String(decoding: digits, as: UTF8.self)) else {
            throw MeasureFailure.answer("an answer's length is no number")
        }
        let shown = min(filled, bodyStart + Self.successWithin)
        guard filled == bodyStart || position(of: Self.success, in: bodyStart..<shown) != nil else {
            let text = String(decoding: answer[bodyStart..<shown], as: UTF8.self)
            throw MeasureFailure.refused(text)
        }
        return bodyStart + count
    }

    private func position(of text: [UInt8], in range: Range<Int>) -> Int? {
        unsafe answer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var place = range.lowerBound
            while range.upperBound - place >= text.count {
                let left = range.upperBound - text.count - place + 1
                guard let found = unsafe memchr(base + place, Int32(text[0]), left) else {
                    return nil
                }
                if unsafe memcmp(found, text, text.count) == 0 {
                    return unsafe base.distance(to: UnsafeRawPointer(found))
                }
                place = unsafe base.distance(to: UnsafeRawPointer(found)) + 1
            }
            return nil
        }
    }
}
