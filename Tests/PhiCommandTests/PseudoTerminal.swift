import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A terminal that a test holds: it types, and looks at what is shown.
final class PseudoTerminal: Sendable {
    private struct State {
        var shown = ShownScreen(rows: 24, columns: 80)
        var bytes: [UInt8] = []
    }

    private let master: FileHandle
    /// The end at which the program sits.
    let end: FileHandle
    private let state = Mutex(State())

    init(rows: Int = 24, columns: Int = 80) throws {
        var main: Int32 = 0
        var other: Int32 = 0
        guard unsafe openpty(&main, &other, nil, nil, nil) == 0 else {
            throw NodeProcessFailure("the system gives no terminal")
        }
        master = FileHandle(fileDescriptor: main, closeOnDealloc: true)
        end = FileHandle(fileDescriptor: other, closeOnDealloc: true)
        resize(rows: rows, columns: columns)
        let handle = master
        Thread.detachNewThread { [weak self] in
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = unsafe read(handle.fileDescriptor, &chunk, chunk.count)
                guard count > 0, let self else { return }
                let bytes = Array(chunk[..<count])
                self.state.withLock { state in
                    state.bytes += bytes
                    state.shown.take(bytes)
                }
            }
        }
    }

    /// The rows as a person sees them.
    var rows: [String] { state.withLock { $0.shown.rows } }
    /// All rows as one text.
    var text: String { rows.joined(separator: "\n") }
    /// Every byte that came.
    var bytes: [UInt8] { state.withLock { $0.bytes } }

    /// Types letters or keys.
    func type(_ text: String) { master.write(Data(text.utf8)) }

    /// Gives the terminal another size; the process is told by a signal.
    func resize(rows: Int, columns: Int, telling process: Process? = nil) {
        var size = winsize(
            ws_row: UInt16(rows),
            ws_col: UInt16(columns),
            ws_xpixel: 0,
            ws_ypixel: 0
        )
        state.withLock { $0.shown = ShownScreen(rows: rows, columns: columns) }
        _ = unsafe ioctl(end.fileDescriptor, UInt(TIOCSWINSZ), &size)
        if let process { kill(process.processIdentifier, SIGWINCH) }
    }

    /// How the terminal treats keys: what a program has to give back.
    var settings: [UInt32] {
        var found = termios()
        unsafe tcgetattr(end.fileDescriptor, &found)
        return [found.c_iflag, found.c_oflag, found.c_cflag, found.c_lflag].map { UInt32($0) }
    }
}

/// What a terminal shows, as far as the program's own sequences go.
struct ShownScreen: Sendable {
    private var cells: [[Character]]
    private var row = 0
    private var column = 0
    private var sequence: [UInt8]?
    private var letter: [UInt8] = []

    init(rows: Int, columns: Int) {
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    var rows: [String] {
        cells.map { row in
            var text = String(row)
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    mutating func take(_ bytes: [UInt8]) {
        for byte in bytes {
            if let begun = sequence {
                let isEnd = begun.count > 1 && (0x40..<0x7F).contains(byte)
                if isEnd { obey(begun.dropFirst(), byte) }
                sequence = isEnd ? nil : begun + [byte]
            } else if byte == 0x1B {
                sequence = [byte]
            } else if byte >= 0x20 {
                letter.append(byte)
                if let text = String(validating: letter, as: UTF8.self) {
                    put(Character(text))
                    letter = []
                }
            }
        }
    }

    private mutating func put(_ shown: Character) {
        guard row < cells.count, column < cells[row].count else { return }
        cells[row][column] = shown
        column += 1
    }

    private mutating func obey(_ parameters: ArraySlice<UInt8>, _ final: UInt8) {
        let text = String(decoding: parameters.dropFirst(), as: UTF8.self)
        switch final {
        case UInt8(ascii: "H"):
            let numbers = text.split(separator: ";").compactMap { Int($0) }
            (row, column) = ((numbers.first ?? 1) - 1, (numbers.last ?? 1) - 1)
        case UInt8(ascii: "K") where row < cells.count:
            cells[row] = cells[row].map { _ in " " }
        case UInt8(ascii: "J"): cells = cells.map { $0.map { _ in " " } }
        default: return
        }
    }
}
