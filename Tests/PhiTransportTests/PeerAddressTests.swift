import NIOCore
import Testing

@testable import PhiTransport

@Suite("A peer's address") struct PeerAddressTests {
    @Test(
        "is read and written alike",
        arguments: [
            "127.0.0.1:7181", "[::1]:7181", "[2001:db8::1]:65535", "node.example:1", "a_b:0",
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try #require(PeerAddress(parsing: text)).description == text)
    }

    @Test(
        "is refused when malformed",
        arguments: [
            "", ":", "host", "host:", ":1", "host:65536", "host:+1", "host:01", "host:-1",
            "::1:7181",
            "[::1]", "[::1]7181", "[host]:1", "[]:1", "[:::]:1", "ho st:1", "host:1:2", "höst:1",
            "host/:1", String(repeating: "a", count: 254) + ":1",
        ]
    )
    func malformed(text: String) {
        #expect(PeerAddress(parsing: text) == nil)
    }

    @Test("of an IPv4 peer on an IPv6 socket is its IPv4 address")
    func mapped() throws {
        let socket = try SocketAddress(ipAddress: "::ffff:10.1.2.3", port: 5)
        #expect(PeerAddress(socket) == PeerAddress(host: "10.1.2.3", port: 5))
    }
}

@Suite("A neighborhood") struct NeighborhoodTests {
    private func neighborhood(_ host: String) -> Neighborhood {
        Neighborhood(PeerAddress(host: host, port: 1))
    }

    @Test(
        "is shared within an IPv6 /64 and an IPv4 address",
        arguments: [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
            ("2001:db8::1", "2001:db8:0:0:1::"),
            ("fe80::1%eth0", "fe80::2%eth0"),
            ("10.0.0.1", "10.0.0.1"),
        ]
    )
    func shared(one: String, other: String) {
        #expect(neighborhood(one) == neighborhood(other))
    }

    @Test(
        "is not shared beyond",
        arguments: [
            ("2001:db8:1:2::1", "2001:db8:1:3::1"),
            ("2001:db8::1", "2001:db8:0:1::1"),
            ("10.0.0.1", "10.0.0.2"),
        ]
    )
    func separate(one: String, other: String) {
        #expect(neighborhood(one) != neighborhood(other))
    }

    @Test("of this machine is known", arguments: ["127.0.0.1", "127.9.9.9", "::1"])
    func loopback(host: String) {
        #expect(neighborhood(host).isLoopback)
        #expect(!neighborhood("2001:db8::1").isLoopback)
        #expect(!neighborhood("128.0.0.1").isLoopback)
    }
}
