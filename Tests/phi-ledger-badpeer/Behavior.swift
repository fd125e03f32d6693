import PhiWire

/// One way of being a bad peer, played on one connection.
protocol Behavior: Sendable {
    /// The number in the catalogue.
    static var number: Int { get }
    /// The name in the catalogue.
    static var name: String { get }
    /// What the peer does, in one line.
    static var summary: String { get }

    /// A behavior for one connection.
    init()

    /// Whether the connection is a TLS connection; otherwise its bytes go out in the clear.
    var usesTLS: Bool { get }
    /// Whether the conversation begins with a good `hello`.
    var greets: Bool { get }
    /// Whether what the node says is read at all.
    var reads: Bool { get }

    /// Does the harm; when it returns the connection stays and still answers.
    func speak(to victim: Victim) async throws
    /// Answers a message; pings were answered already.
    func answer(_ message: Message, of victim: Victim) async throws
}

extension Behavior {
    var usesTLS: Bool { true }
    var greets: Bool { true }
    var reads: Bool { true }

    func speak(to victim: Victim) async throws {}
    func answer(_ message: Message, of victim: Victim) async throws {}
}
