import Dispatch

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the terminal and the system tell while the chat runs.
enum TerminalEvent: Sendable {
    /// Bytes that a person's keys sent; none at the end.
    case bytes([UInt8])
    /// The size of the terminal may have changed, or the program goes on after a stop.
    case resized
    /// A signal asks the program to end.
    case ended(signal: Int32)
}

/// Listens to keys and signals as long as it lives.
final class TerminalEvents {
    private let sources: [any DispatchSourceProtocol]

    /// Starts to listen; events are told in order, on a queue of their own.
    init(_ tell: @escaping @Sendable (TerminalEvent) -> Void) {
        let queue = DispatchQueue(label: "terminal")
        let keys = DispatchSource.makeReadSource(fileDescriptor: 0, queue: queue)
        keys.setEventHandler {
            if let bytes = RawTerminal.read() { tell(.bytes(bytes)) }
        }
        var sources: [any DispatchSourceProtocol] = [keys]
        let signals: [(Int32, TerminalEvent)] = [
            (SIGWINCH, .resized), (SIGCONT, .resized), (SIGTERM, .ended(signal: SIGTERM)),
            (SIGHUP, .ended(signal: SIGHUP)), (SIGQUIT, .ended(signal: SIGQUIT)),
        ]
        for (number, event) in signals {
            if case .ended = event { signal(number, SIG_IGN) }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { tell(event) }
            sources.append(source)
        }
        self.sources = sources
        for source in sources { source.activate() }
    }

    deinit { for source in sources { source.cancel() } }
}
