import Synchronization

#if canImport(Darwin)
    import Darwin

    private let systemWrite = unsafe Darwin.write
#elseif canImport(Musl)
    import Musl

    private let systemWrite = unsafe Musl.write
#else
    import Glibc

    private let systemWrite = unsafe Glibc.write
#endif

/// One of the two streams that a program writes to.
struct Terminal: Sendable {
    static let standardOutput = Terminal(descriptor: 1)
    static let standardError = Terminal(descriptor: 2)

    /// The stream's number.
    let descriptor: Int32

    /// Whether a person reads the stream, so that color and progress have a sense.
    var isInteractive: Bool { isatty(descriptor) == 1 }

    /// Writes a line.
    func line(_ text: String) { write(Array((text + "\n").utf8)) }

    /// Writes bytes as they are; a reader that is gone ends the program as shells expect.
    func write(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { buffer in
                unsafe systemWrite(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            start += count
        }
    }

    /// The text in a color, where a person reads it.
    func styled(_ text: String, _ style: Style) -> String {
        isInteractive ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// How a text stands out.
    enum Style: Int {
        /// Thicker letters.
        case bold = 1
        /// Less contrast.
        case faint = 2
        /// Something that went well.
        case green = 32
        /// Something to notice.
        case yellow = 33
        /// Who says something.
        case cyan = 36
    }
}

/// A line on the error stream that changes in place, where a person reads it, and else nothing.
final class ProgressLine: Sendable {
    private let state = Mutex(State())
    private let isShown = Terminal.standardError.isInteractive

    private struct State {
        var isDirty = false
        var last = ContinuousClock.now - .seconds(1)
    }

    /// Shows a text, at most ten times a second.
    func show(_ text: @autoclosure () -> String, isUrgent: Bool = false) {
        guard isShown else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            guard isUrgent || now - state.last >= .milliseconds(100) else { return }
            state.last = now
            state.isDirty = true
            Terminal.standardError.write(Array("\r\u{1b}[K\(text())".utf8))
        }
    }

    /// Takes the line away.
    func clear() {
        guard isShown else { return }
        state.withLock { state in
            guard state.isDirty else { return }
            state.isDirty = false
            Terminal.standardError.write(Array("\r\u{1b}[K".utf8))
        }
    }
}
