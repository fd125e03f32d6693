import NIOCore
import NIOPosix

extension PeerAddress {
    /// Looks a host name up; blocks a thread of its own, not the caller's.
    /// - Returns: The same address with its host as an IP address.
    /// - Throws: What the system says of the name.
    public func resolved() async throws -> PeerAddress {
        let found = try await NIOThreadPool.singleton.runIfActive { [host, port] in
            try SocketAddress.makeAddressResolvingHost(host, port: Int(port))
        }
        return PeerAddress(found) ?? self
    }
}
