import PhiTransport

extension Configuration {
    /// The IPv4 addresses of this machine that have a meaning in a local network alone.
    ///
    /// - Parameter interfaces: Where to look; empty is everywhere but on the machine's own loop.
    /// - Returns: The addresses, each once.
    /// - Throws: What the system says when asked for its interfaces.
    public static func privateHosts(on interfaces: [String]) throws -> [String] {
        try LANLink.privateHosts(named: interfaces)
    }
}
