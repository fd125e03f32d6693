import Synchronization

#if canImport(Darwin)
    import Darwin

    private let systemWrite = unsafe Darwin.write
    private let systemRead = unsafe Darwin.read
#elseif canImport(Musl)
    import Musl

    private let systemWrite = unsafe Musl.write
    private let systemRead = unsafe Musl.read
#else
    import Glibc

    private let systemWrite = unsafe Glibc.write
    private let systemRead = unsafe Glibc.read
#endif

/// The terminal of this process, from the keys that a person presses to what they see.
///
/// However the program ends, the terminal gets back the settings that it had: at the end of the
/// chat, when the process exits, and before a fault of the program ends it.
enum RawTerminal {
    /// The settings to give back; nil while the terminal has them.
    private static let saved = Mutex<termios?>(nil)
    private static let isGuarded = Mutex(false)
    /// Faults of a program, before which the terminal is given back.
    private static let faults = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP]

    /// Whether a person sits before both streams.
    static var isThere: Bool { isatty(0) == 1 && isatty(1) == 1 }

    /// The size as the terminal says it, or that of the first ones.
    static var size: ScreenSize {
        var found = winsize()
        let isKnown = unsafe ioctl(1, UInt(TIOCGWINSZ), &found) == 0
        guard isKnown, found.ws_row > 0, found.ws_col > 0 else {
            return ScreenSize(rows: 24, columns: 80)
        }
        return ScreenSize(rows: Int(found.ws_row), columns: Int(found.ws_col))
    }

    /// Takes the keys as they come, and the whole screen.
    static func enter() {
        guardEnds()
        var settings = termios()
        guard unsafe tcgetattr(0, &settings) == 0 else { return }
        saved.withLock { $0 = $0 ?? settings }
        settings.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
        settings.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
        settings.c_cflag |= tcflag_t(CS8)
        unsafe tcsetattr(0, TCSADRAIN, &settings)
        write(Array(Painter.begin.utf8))
    }

    /// Gives everything back; does nothing where that was done.
    static func leave() {
        let settings = saved.withLock { saved in
            defer { saved = nil }
            return saved
        }
        if let settings { restore(settings) }
    }

    /// Writes bytes as they are, however long the terminal takes.
    static func write(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { buffer in
                unsafe systemWrite(1, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var waiting = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&waiting, 1, 1_000)
                continue
            }
            guard count > 0 else { return }
            start += count
        }
    }

    /// The bytes that wait; empty at the end of the input, nil where there are none yet.
    static func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe systemRead(0, &bytes, bytes.count)
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR ? nil : [] }
        return Array(bytes[..<count])
    }

    /// Stops the process as Ctrl-Z does elsewhere; returns when it goes on.
    static func suspend() {
        leave()
        signal(SIGTSTP, SIG_DFL)
        kill(0, SIGTSTP)
        enter()
    }

    /// Ends the process as a signal does that nobody caught.
    static func end(by number: Int32) {
        leave()
        // Whoever listens to a signal blocks it.
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
        signal(number, SIG_DFL)
        raise(number)
    }

    private static func guardEnds() {
        let isNew = isGuarded.withLock { isGuarded in
            defer { isGuarded = true }
            return !isGuarded
        }
        guard isNew else { return }
        atexit { RawTerminal.leave() }
        for fault in faults {
            signal(fault) { number in
                RawTerminal.leaveAtFault()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// Gives the terminal back in a handler of a signal, which must not wait for a lock.
    private static func leaveAtFault() {
        let found = saved.withLockIfAvailable { $0 } ?? nil
        if let found { restore(found) }
    }

    private static func restore(_ settings: termios) {
        write(Array(Painter.end.utf8))
        var settings = settings
        unsafe tcsetattr(0, TCSADRAIN, &settings)
    }
}
