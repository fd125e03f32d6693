/// Cuts a stream of Server-Sent Events into its messages.
///
/// Only what nodes send is understood: `id`, `event`, `data` and comments; lines end in LF, CR LF or
/// CR. A line and a message have limits, so that a stream cannot fill the memory.
struct EventLines {
    /// One message of the stream.
    struct Message: Equatable {
        /// The cursor to resume after, if the message names one.
        var cursor: String?
        /// The kind of message; `message` unless named.
        var kind = "message"
        /// The text.
        var data: [UInt8] = []
    }

    /// The text of a message is longer than any event.
    struct TooLong: Error {}

    static let byteLimit = 4 << 20

    private var line: [UInt8] = []
    private var message = Message()
    private var hasData = false
    private var followsReturn = false

    /// Takes in bytes and answers the messages that they complete.
    mutating func take(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [Message] {
        var complete: [Message] = []
        for byte in bytes {
            if followsReturn, byte == 0x0A {
                followsReturn = false
                continue
            }
            followsReturn = byte == 0x0D
            guard byte == 0x0A || byte == 0x0D else {
                guard line.count + message.data.count < Self.byteLimit else { throw TooLong() }
                line.append(byte)
                continue
            }
            if let whole = endLine() { complete.append(whole) }
        }
        return complete
    }

    private mutating func endLine() -> Message? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else {
            defer {
                message = Message()
                hasData = false
            }
            return hasData ? message : nil
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        let name = String(decoding: line[..<colon], as: UTF8.self)
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch name {
        case "id": message.cursor = String(decoding: value, as: UTF8.self)
        case "event": message.kind = String(decoding: value, as: UTF8.self)
        case "data":
            if hasData { message.data.append(0x0A) }
            message.data.append(contentsOf: value)
            hasData = true
        default: break
        }
        return nil
    }
}
