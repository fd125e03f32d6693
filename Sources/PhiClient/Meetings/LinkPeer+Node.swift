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
    /// The peers that a node proposes for a link: itself or those that it has called.
    public static func callable(_ info: NodeInfo) -> [LinkPeer] { callable(info.callable) }

    /// Peers from texts of the form `IDENTITY@HOST:PORT`; those with a name for a host are left out.
    public static func callable(_ texts: [String]) -> [LinkPeer] {
        let peers = texts.compactMap { text -> LinkPeer? in
            guard let at = text.firstIndex(of: "@"), let key = VerifyingKey(hex: text[..<at]),
                let bytes = encoded(String(text[text.index(after: at)...]))
            else { return nil }
            return LinkPeer(address: bytes, identity: key)
        }
        return Array(peers.prefix(MeetingLink.peerLimit))
    }

    /// Kind, 16 bytes of IP and the port, or nil for a name.
    private static func encoded(_ text: String) -> [UInt8]? {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let tail = [UInt8(port >> 8), UInt8(port & 0xff)]
        var narrow = in_addr()
        if unsafe inet_pton(AF_INET, host, &narrow) == 1 {
            let number = UInt32(bigEndian: narrow.s_addr)
            guard number != 0 else { return nil }
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
            return [4] + [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + bytes + tail
        }
        var wide = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, host, &wide) == 1 else { return nil }
        guard wide.contains(where: { $0 != 0 }) else { return nil }
        return [6] + wide + tail
    }
}
