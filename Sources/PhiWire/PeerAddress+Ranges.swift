/// A network that one party is likely to control: the /16 of a v4 address, the /32 of a v6 one.
public struct NetworkGroup: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The address with all bits below the group's cleared.
    public let address: UInt128

    fileprivate init(of peer: PeerAddress) {
        let hostBits: UInt128 = peer.version4 == nil ? 96 : 16
        address = (peer.address >> hostBits) << hostBits
    }

    /// Orders groups by their bytes.
    public static func < (left: NetworkGroup, right: NetworkGroup) -> Bool {
        left.address < right.address
    }
}

extension NetworkGroup: CustomStringConvertible {
    /// The group in the usual notation, such as `203.0.0.0/16`.
    public var description: String {
        let first = PeerAddress(address: address, port: 0)
        return "\(first.host)/\(first.version4 == nil ? 32 : 16)"
    }
}

extension PeerAddress {
    /// The group that the address counts in wherever one party must not have too much.
    public var group: NetworkGroup { NetworkGroup(of: self) }

    /// Whether the address means the machine that uses it: 127.0.0.0/8, ::1.
    public var isLoopback: Bool {
        version4.map { $0 >> 24 == 127 } ?? (address == 1)
    }

    /// Whether the address has a meaning in one local network alone.
    ///
    /// 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, the link's own 169.254.0.0/16, the carriers'
    /// 100.64.0.0/10; fc00::/7 and the link's own fe80::/10.
    public var isPrivate: Bool {
        guard let version4 else {
            return address >> 121 == 0xfc >> 1 || address >> 118 == 0xfe80 >> 6
        }
        return version4 >> 24 == 10
            || version4 >> 20 == 0xac1
            || version4 >> 16 == 0xc0a8
            || version4 >> 16 == 0xa9fe
            || version4 >> 22 == 0x6440 >> 6
    }

    /// Whether the address names no machine: 0.0.0.0/8, ::.
    public var isUnspecified: Bool {
        version4.map { $0 >> 24 == 0 } ?? (address == 0)
    }

    /// Whether the address names many machines: 224.0.0.0/4, ff00::/8.
    public var isMulticast: Bool {
        version4.map { $0 >> 28 == 0xe } ?? (address >> 120 == 0xff)
    }

    /// Whether the address names all machines of a link: 255.255.255.255.
    public var isBroadcast: Bool { version4 == .max }

    /// Whether the address is of use to one machine or one local network alone.
    public var isLocal: Bool { isLoopback || isPrivate }
}
