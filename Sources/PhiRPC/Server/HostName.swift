/// Judges the names and addresses by which a server is reached.
enum HostName {
    /// Tells whether an address or a name means this machine and nothing else.
    static func isLoopback(_ host: String) -> Bool {
        let name = unbracketed(host)
        if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" { return true }
        return isIPv4(mapped(name)) && mapped(name).hasPrefix("127.")
    }

    /// Tells whether a host is an address, which no foreign name server can turn elsewhere.
    static func isAddress(_ host: String) -> Bool {
        let name = unbracketed(host)
        if name.contains(":") {
            return name.utf8.allSatisfy {
                Self.hexadecimalDigits.contains($0) || $0 == UInt8(ascii: ":")
                    || $0 == UInt8(ascii: ".")
            }
        }
        return isIPv4(name)
    }

    /// Takes the port off the value of a Host field.
    static func withoutPort(_ authority: String) -> String {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return authority }
            return String(authority[...end])
        }
        guard let colon = authority.lastIndex(of: ":") else { return authority }
        return String(authority[..<colon])
    }

    /// What an address's requests are counted against.
    ///
    /// One holder of IPv6 has a whole network of 64 bits, so the first half counts.
    static func meter(_ address: String) -> String {
        let name = mapped(address)
        guard name.contains(":") else { return name }
        let halves = name.split(separator: "%")[0].split(
            separator: "::",
            omittingEmptySubsequences: false
        )
        var groups = halves[0].split(separator: ":").map(String.init)
        if halves.count == 2 {
            let tail = halves[1].split(separator: ":").map(String.init)
            groups += Array(repeating: "0", count: max(0, 8 - groups.count - tail.count)) + tail
        }
        return groups.prefix(4).joined(separator: ":")
    }

    /// The IPv4 address inside an IPv6 one that only wraps it.
    private static func mapped(_ address: String) -> String {
        let prefix = "::ffff:"
        guard address.lowercased().hasPrefix(prefix) else { return address }
        let inner = String(address.dropFirst(prefix.count))
        return isIPv4(inner) ? inner : address
    }

    private static func isIPv4(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func unbracketed(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    private static let hexadecimalDigits = Set("0123456789abcdefABCDEF".utf8)
}
