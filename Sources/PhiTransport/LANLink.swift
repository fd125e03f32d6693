import NIOCore

/// A network interface with an address, on which neighbors can be asked and answered.
public struct LANLink: Hashable, Sendable {
    /// Links that are used at most.
    public static let limit = 16

    /// The interface's name.
    public let name: String
    /// The interface's addresses that need no interface's name beside them.
    public let hosts: [String]
    /// The number of the interface.
    let index: Int
    /// The address that datagrams are sent from.
    let address: SocketAddress
    /// The IPv4 address as a number; zero for IPv6.
    let number: UInt32
    /// The bits of an IPv4 address that all neighbors have in common.
    private let mask: UInt32

    /// The links of this machine: for each interface one IPv4 and one IPv6 address.
    ///
    /// - Parameter names: The interfaces that are wanted; none means all that can multicast, but not
    ///   the machine's own loop.
    /// - Returns: The links in the order of the interfaces' numbers.
    /// - Throws: What the system says when asked for its interfaces.
    public static func all(named names: [String]) throws -> [LANLink] {
        let devices = try System.enumerateDevices()
            .filter { device in
                guard let address = device.address else { return false }
                guard names.isEmpty else { return names.contains(device.name) }
                return device.multicastSupported && !isLoopback(address)
            }
        var links: [LANLink] = []
        for device in devices {
            guard let link = LANLink(device, among: devices) else { continue }
            let isTaken = links.contains {
                $0.index == link.index && $0.address.protocol == link.address.protocol
            }
            if !isTaken { links.append(link) }
        }
        let sorted = links.sorted {
            ($0.index, $0.isVersion6 ? 1 : 0) < ($1.index, $1.isVersion6 ? 1 : 0)
        }
        return Array(sorted.prefix(limit))
    }

    private init?(_ device: NIONetworkDevice, among devices: [NIONetworkDevice]) {
        guard let address = device.address else { return nil }
        switch address {
        case .v4:
            guard let number = Self.number(address), let mask = Self.number(device.netmask) else {
                return nil
            }
            (self.number, self.mask) = (number, mask)
        case .v6:
            // Neighbors speak IPv6 with each other from the addresses that every interface has.
            guard Self.isLinkLocal(address) else { return nil }
            (number, mask) = (0, 0)
        case .unixDomainSocket: return nil
        }
        self.address = address
        name = device.name
        index = device.interfaceIndex
        hosts = devices.filter { $0.interfaceIndex == device.interfaceIndex }
            .compactMap(\.address)
            .filter { !Self.isLinkLocal($0) }
            .compactMap(\.ipAddress)
    }

    /// The interface as a group is joined on it.
    ///
    /// Whether it can multicast was asked before: of an interface that was named it is not asked,
    /// because a machine's own loop often does not say so.
    var device: NIONetworkDevice {
        NIONetworkDevice(
            name: name,
            address: address,
            netmask: nil,
            broadcastAddress: nil,
            pointToPointDestinationAddress: address,
            multicastSupported: true,
            interfaceIndex: index
        )
    }

    var isVersion6: Bool { address.protocol == .inet6 }

    /// Whether a source is a neighbor; of IPv6 the socket hears one link alone.
    func holds(_ source: SocketAddress) -> Bool {
        guard source.protocol == address.protocol else { return false }
        guard !isVersion6 else { return Self.isLinkLocal(source) }
        return Self.number(source).map { ($0 ^ number) & mask == 0 } ?? false
    }

    private static func number(_ address: SocketAddress?) -> UInt32? {
        guard case .v4? = address, let text = address?.ipAddress else { return nil }
        let parts = text.split(separator: ".").compactMap { UInt8($0) }
        guard parts.count == 4 else { return nil }
        return parts.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func isLinkLocal(_ address: SocketAddress) -> Bool {
        guard case .v6 = address, let text = address.ipAddress else { return false }
        return ["fe8", "fe9", "fea", "feb"].contains { text.hasPrefix($0) }
    }

    private static func isLoopback(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.")
    }
}

extension LANLink {
    /// The IPv4 addresses of this machine that have a meaning in a local network alone.
    ///
    /// - Parameter names: The interfaces that are wanted; none means all but the machine's own loop.
    /// - Returns: The addresses, each once.
    /// - Throws: What the system says when asked for its interfaces.
    public static func privateHosts(named names: [String]) throws -> [String] {
        var hosts: [String] = []
        for link in try all(named: names) where !link.isVersion6 {
            guard let host = link.address.ipAddress else { continue }
            let number = link.number
            let isPrivate =
                number >> 24 == 10 || number >> 20 == 0xac1 || number >> 16 == 0xc0a8
                || number >> 16 == 0xa9fe || number >> 24 == 127
            if isPrivate, !hosts.contains(host) { hosts.append(host) }
        }
        return hosts
    }
}
