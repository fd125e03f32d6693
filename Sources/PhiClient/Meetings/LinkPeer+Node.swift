public import PhiAPI
import PhiCrypto
public import PhiMeetings

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension LinkPeer {
    /// Peers that are proposed at most; a link may hold one more.
    private static let proposalLimit = 3

    /// The peers that a node proposes for a link: itself or those that it has called.
    public static func callable(_ info: NodeInfo) -> [LinkPeer] { callable(info.callable) }

    /// Peers from texts of the form `IDENTITY@HOST:PORT`; those with a name for a host are left out.
    public static func callable(_ texts: [String]) -> [LinkPeer] {
        let peers = texts.compactMap { text -> LinkPeer? in
            guard let at = text.firstIndex(of: "@"), text[..<at].allSatisfy({ !$0.isUppercase }),
                let key = VerifyingKey(hex: text[..<at]),
                let bytes = encoded(String(text[text.index(after: at)...]))
            else { return nil }
            return LinkPeer(address: bytes, identity: key)
        }
        return Array(peers.prefix(proposalLimit))
    }

    /// Kind, 16 bytes of IP and the port, or nil for a name.
    private static func encoded(_ text: String) -> [UInt8]? {
        guard let colon = text.lastIndex(of: ":"),
            let port = port(text[text.index(after: colon)...])
        else { return nil }
        var host = String(text[..<colon])
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = String(host.dropFirst().dropLast()) }
        let tail = [UInt8(port >> 8), UInt8(port & 0xff)]
        var narrow = in_addr()
        if !isBracketed, unsafe inet_pton(AF_INET, host, &narrow) == 1 {
            let number = UInt32(bigEndian: narrow.s_addr)
            guard number != 0 else { return nil }
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
            return [4] + mapping + bytes + tail
        }
        var wide = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, host, &wide) == 1 else { return nil }
        // An IPv4 address has one encoding, however it is written.
        let isNarrow = wide.starts(with: mapping)
        guard wide.dropFirst(isNarrow ? 12 : 0).contains(where: { $0 != 0 }) else { return nil }
        return [isNarrow ? 4 : 6] + wide + tail
    }

    private static let mapping = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]

    private static func port(_ digits: Substring) -> UInt16? {
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits), port > 0
        else { return nil }
        return port
    }
}
