import PhiAPI
import PhiClient

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A server on this machine that shall be asked much.
struct LoadTarget: Sendable {
    /// The port on loopback.
    let port: UInt16
    private let token: String?

    /// Reads an address such as `http://127.0.0.1:8080`.
    init(_ settings: NodeClient.Settings) throws {
        let prefix = "http://127.0.0.1:"
        let rest = settings.address.dropFirst(prefix.count)
        guard settings.address.hasPrefix(prefix), let port = UInt16(rest) else {
            throw MeasureFailure.option("load is put on http://127.0.0.1:PORT only")
        }
        self.port = port
        token = settings.token
    }

    /// A call as it goes over the wire, with its header.
    func request(_ method: String, _ parameters: [(String, JSON)] = []) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        RPCRequest(
            id: .integer(1),
            method: method,
            parameters: parameters.isEmpty ? nil : .object(parameters)
        ).write(to: &writer)
        var head = "POST /rpc HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        head += "Content-Type: application/json\r\nContent-Length: \(writer.bytes.count)\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        return Array((head + "\r\n").utf8) + writer.bytes
    }

    /// A new connection that sends small requests at once and never waits in a call.
    func connect() throws -> Int32 {
        let descriptor = socket(AF_INET, Self.stream, 0)
        guard descriptor >= 0 else { throw MeasureFailure.answer("no socket is left") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Self.connect(descriptor, $0, size)
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw MeasureFailure.answer("nobody listens at port \(port)")
        }
        var isOn: Int32 = 1
        let level = Int32(IPPROTO_TCP)
        unsafe setsockopt(
            descriptor,
            level,
            TCP_NODELAY,
            &isOn,
            socklen_t(MemoryLayout<Int32>.size)
        )
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }

    #if canImport(Darwin)
        private static var stream: Int32 { SOCK_STREAM }
        private static let connect = unsafe Darwin.connect
    #else
        private static var stream: Int32 { Int32(SOCK_STREAM.rawValue) }
        private static let connect = unsafe Glibc.connect
    #endif
}
