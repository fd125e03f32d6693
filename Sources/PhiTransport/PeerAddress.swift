import NIOCore

/// Where a peer can be reached: a host and a port.
public struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 address, an IPv6 address without brackets, or a name.
    public let host: String
    /// The TCP port; 0 lets the system choose when listening.
    public let port: UInt16

    /// Makes an address from its parts, unchecked until it is used.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:7181`, `[::1]:7181` or `node.example:7181`.
    /// - Parameter text: The address, with the port in its shortest decimal form.
    public init?(parsing text: String) {
        guard text.utf8.count <= 300, let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard let port = UInt16(digits), String(port) == digits else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
            guard (try? SocketAddress(ipAddress: String(host), port: 0)) != nil else { return nil }
        } else {
            guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
            guard host.utf8.allSatisfy(PeerAddress.isOfName) else { return nil }
        }
        self.init(host: String(host), port: port)
    }

    /// The address in the form that ``init(parsing:)`` reads.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Makes an address of a socket's; an IPv4 address in IPv6 clothes is undressed.
    init?(_ address: SocketAddress?) {
        guard let address, let text = address.ipAddress, let port = address.port,
            let narrow = UInt16(exactly: port)
        else { return nil }
        let mapped = "::ffff:"
        let isMapped = text.hasPrefix(mapped) && text.contains(".")
        self.init(host: isMapped ? String(text.dropFirst(mapped.count)) : text, port: narrow)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}
