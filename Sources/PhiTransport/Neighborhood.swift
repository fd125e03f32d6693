/// What counts as one source of connections: an IPv4 address or an IPv6 /64.
///
/// A single customer is commonly given a whole /64, so counting its addresses would count nothing.
struct Neighborhood: Hashable {
    /// True for this machine itself.
    let isLoopback: Bool

    private let prefix: String

    init(_ address: PeerAddress) {
        let host = address.host
        guard host.contains(":") else {
            prefix = host
            isLoopback = host.hasPrefix("127.")
            return
        }
        prefix = Neighborhood.groups(of: host).prefix(4).joined(separator: ":")
        isLoopback = host == "::1"
    }

    /// The groups of an IPv6 address as the system writes it, with the gap filled.
    private static func groups(of host: String) -> [String] {
        let bare = host.prefix { $0 != "%" }
        guard let gap = bare.firstRange(of: "::") else {
            return bare.split(separator: ":").map(String.init)
        }
        let head = bare[..<gap.lowerBound].split(separator: ":").map(String.init)
        let tail = bare[gap.upperBound...].split(separator: ":").map(String.init)
        let missing = max(0, 8 - head.count - tail.count)
        return head + Array(repeating: "0", count: missing) + tail
    }
}
