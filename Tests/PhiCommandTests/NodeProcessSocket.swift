#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A TCP connection to this machine that says whatever a test wants; closed with the object.
final class NodeProcessSocket: Sendable {
    /// Seconds that one read or write may take.
    private static let patience = 20

    private let descriptor: Int32

    /// Connects to a port of this machine.
    init(port: UInt16) throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw NodeProcessFailure("no socket: \(errno)") }
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &limit, size)
        }
        #if canImport(Darwin)
            var isOn: Int32 = 1
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &isOn, 4)
        #endif
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafePointer(to: &place) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, length)
            }
        }
        guard status == 0 else { throw NodeProcessFailure("no connection to \(port): \(errno)") }
    }

    deinit { close(descriptor) }

    /// Sends bytes; false when the other side takes no more.
    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        #if canImport(Glibc)
            let flags = Int32(MSG_NOSIGNAL)
        #else
            let flags: Int32 = 0
        #endif
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, flags)
                #else
                    unsafe Darwin.send(descriptor, buffer.baseAddress, buffer.count, flags)
                #endif
            }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }

    /// Reads once; nil when the other side has ended the connection or says nothing for long.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let size = buffer.count
        let count = unsafe recv(descriptor, &buffer, size, 0)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    /// Reads until a text has come, or the end.
    func receive(until text: String) -> String {
        var found = ""
        while !found.contains(text), let bytes = receive() {
            found += String(decoding: bytes, as: UTF8.self)
        }
        return found
    }

    /// Reads all that comes until the other side ends the connection.
    func untilEnd() -> [UInt8] {
        var found: [UInt8] = []
        while let bytes = receive() { found += bytes }
        return found
    }
}
