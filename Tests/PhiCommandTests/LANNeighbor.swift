import PhiLedger
import PhiWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Somebody else on the local network, here this machine's own loop, who says whatever a test wants.
final class LANNeighbor: Sendable {
    /// Seconds that one read may take.
    private static let patience = 10
    private static let loopback: UInt32 = 0x7F00_0001
    private static let group = LANBeacon.group4.version4 ?? 0

    private let speaker: Int32
    private let listener: Int32

    init() throws {
        speaker = try Self.open()
        listener = try Self.open()
        Self.set(speaker, Int32(IPPROTO_IP), IP_MULTICAST_IF, Self.loopback.bigEndian)
        Self.set(listener, SOL_SOCKET, SO_REUSEADDR, Int32(1))
        #if canImport(Darwin)
            Self.set(listener, SOL_SOCKET, SO_REUSEPORT, Int32(1))
        #endif
        // A group and an interface, each an address.
        let membership = UInt64(Self.loopback.bigEndian) << 32 | UInt64(Self.group.bigEndian)
        Self.set(listener, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, membership)
        try Self.bind(listener, Self.group, LANBeacon.port)
        try Self.bind(speaker, Self.loopback, 0)
    }

    deinit {
        close(speaker)
        close(listener)
    }

    /// Sends a datagram to everybody.
    func ask(_ bytes: [UInt8]) { send(bytes, to: Self.group, LANBeacon.port) }

    /// Sends a datagram to a port of this machine.
    func answer(_ bytes: [UInt8], to port: UInt16) { send(bytes, to: Self.loopback, port) }

    /// The next datagram that was sent to everybody, and the port that it came from.
    func heard() -> (bytes: [UInt8], port: UInt16)? { Self.received(listener) }

    /// The next datagram that was sent to this neighbor alone; nil when none comes.
    func answered() -> [UInt8]? { Self.received(speaker)?.bytes }

    private func send(_ bytes: [UInt8], to host: UInt32, _ port: UInt16) {
        unsafe Self.withAddress(host, port) { address, length in
            _ = unsafe sendto(speaker, bytes, bytes.count, 0, address, length)
        }
    }

    private static func open() throws -> Int32 {
        #if canImport(Glibc)
            let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_DGRAM, 0)
        #endif
        guard descriptor >= 0 else { throw NodeProcessFailure("no socket: \(errno)") }
        set(descriptor, SOL_SOCKET, SO_RCVTIMEO, timeval(tv_sec: patience, tv_usec: 0))
        return descriptor
    }

    private static func set<Value: BitwiseCopyable>(
        _ descriptor: Int32,
        _ level: Int32,
        _ option: Int32,
        _ value: Value
    ) {
        var value = value
        let size = socklen_t(MemoryLayout<Value>.size)
        _ = unsafe setsockopt(descriptor, level, option, &value, size)
    }

    private static func bind(_ descriptor: Int32, _ host: UInt32, _ port: UInt16) throws {
        let status = unsafe withAddress(host, port) { address, length in
            #if canImport(Glibc)
                unsafe Glibc.bind(descriptor, address, length)
            #else
                unsafe Darwin.bind(descriptor, address, length)
            #endif
        }
        guard status == 0 else { throw NodeProcessFailure("no port \(port): \(errno)") }
    }

    private static func received(_ descriptor: Int32) -> (bytes: [UInt8], port: UInt16)? {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        var source = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = unsafe withUnsafeMutablePointer(to: &source) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe recvfrom(descriptor, &buffer, buffer.count, 0, address, &length)
            }
        }
        guard count >= 0 else { return nil }
        return (Array(buffer.prefix(count)), UInt16(bigEndian: source.sin_port))
    }

    private static func withAddress<Result>(
        _ host: UInt32,
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = host.bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return unsafe withUnsafePointer(to: &place) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, length)
            }
        }
    }
}
