import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiDaemon

@Suite("A node's own record") struct OwnRecordTests {
    private static func own(
        callable: [PeerAddress],
        listening: [PeerAddress]
    ) -> OwnRecord {
        OwnRecord(
            seed: TestKey("own").seed,
            chain: .zero,
            addresses: callable,
            listening: listening
        )
    }

    private static func address(_ bits: UInt32, _ port: UInt16 = 7_447) -> PeerAddress {
        PeerAddress(version4: bits, port: port)
    }

    @Test("shows the host that peers see with the port where the node listens")
    func everywhere() throws {
        let own = Self.own(callable: [], listening: [Self.address(0)])
        #expect(try own.made(at: .zero) == nil)
        let seen = try #require(own.seen(at: Self.address(0x5050_5050, 0)))
        #expect(seen.addresses == [Self.address(0x5050_5050)])
        #expect(try seen.made(at: .zero)?.addresses == seen.addresses)
        #expect(seen.seen(at: Self.address(0x5050_5050, 9)) == nil)
    }

    @Test("leaves out behind a public host what neighbors alone can call")
    func behindRouter() throws {
        let inside = Self.address(0xc0a8_0002)
        let own = Self.own(callable: [inside], listening: [inside])
        let outside = try #require(own.seen(at: Self.address(0x5050_5050, 0)))
        #expect(outside.addresses == [Self.address(0x5050_5050)])
        let local = try #require(own.seen(at: Self.address(0x7f00_0001, 0)))
        #expect(local.addresses == [inside, Self.address(0x7f00_0001)])
    }

    @Test("stays as it is where the node listens nowhere, and has 4 addresses at most")
    func limits() throws {
        let silent = Self.own(callable: [], listening: [])
        #expect(silent.seen(at: Self.address(0x5050_5050)) == nil)
        let many = (1...6).map { Self.address(0x0b00_0000 + $0) }
        let own = Self.own(callable: Array(many.prefix(4)), listening: many)
        let seen = try #require(own.seen(at: Self.address(0x5050_5050)))
        #expect(seen.addresses == many.prefix(3) + [Self.address(0x5050_5050)])
    }
}
