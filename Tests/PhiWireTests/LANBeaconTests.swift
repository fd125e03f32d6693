import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A LAN beacon") struct LANBeaconTests {
    private static let hour: UInt64 = 3_600_000
    private static let now = Timestamp(milliseconds: 472_222 * hour + 5)
    private static let chain = SHA256.hash([1])

    private static func beacon(at now: Timestamp = now, port: UInt16 = 7_181) -> LANBeacon {
        LANBeacon(nonce: 0x0102 << 112 | 0x0f10, listenPort: port, chain: chain, now: now)
    }

    @Test("has the layout of the protocol") func layout() throws {
        let bytes = Self.beacon().encoded
        #expect(bytes.count == 56)
        #expect(Array(bytes[0..<4]) == Array("phi1".utf8))
        #expect(Array(bytes[4..<6]) == [1, 2])
        #expect(Array(bytes[18..<20]) == [0x0f, 0x10])
        var hashed = Self.chain.bytes
        hashed.append(bigEndian: UInt32(472_222))
        hashed += bytes[4..<20]
        #expect(Array(bytes[20..<36]) == Array(SHA256.hash(hashed).bytes.prefix(16)))
        #expect(Array(bytes[36..<38]) == [0x1c, 0x0d])
        #expect(bytes[38...].allSatisfy { $0 == 0 })
        #expect(try LANBeacon(decoding: bytes) == Self.beacon())
    }

    @Test("goes to the groups of the protocol") func groups() {
        #expect("\(LANBeacon.group4)" == "239.255.80.72:7182")
        #expect("\(LANBeacon.group6)" == "[ff02::5048]:7182")
    }

    @Test("is refused when it is cut off", arguments: 0..<56) func truncation(count: Int) {
        #expect(throws: DecodingFailure.self) {
            try LANBeacon(decoding: Array(Self.beacon().encoded.prefix(count)))
        }
    }

    @Test("is refused when it is longer", arguments: [57, 512, 65_507]) func length(count: Int) {
        let bytes = Self.beacon().encoded
        #expect(throws: DecodingFailure.self) {
            try LANBeacon(decoding: bytes + [UInt8](repeating: 0, count: count - 56))
        }
    }

    @Test("is refused when its magic or its zeros are others", arguments: [0, 3, 38, 55])
    func fixedBytes(index: Int) {
        var bytes = Self.beacon().encoded
        bytes[index] ^= 1
        #expect(throws: DecodingFailure.self) { try LANBeacon(decoding: bytes) }
    }

    @Test("asks for its network in its hour and the hours beside it", arguments: [0, 1, 2, 3, 4])
    func hours(offset: UInt64) {
        let then = Timestamp(
            milliseconds: Self.now.milliseconds + offset * Self.hour - 2 * Self.hour
        )
        let beacon = Self.beacon(at: then)
        #expect(beacon.asks(for: Self.chain, now: Self.now) == (1...3).contains(offset))
        #expect(!beacon.asks(for: SHA256.hash([2]), now: Self.now))
    }

    @Test("asks in the first hour and the last that a clock can tell")
    func ends() {
        for now in [Timestamp.zero, Timestamp(milliseconds: .max)] {
            #expect(Self.beacon(at: now).asks(for: Self.chain, now: now))
        }
    }

    @Test("does not ask for its network any more when a bit of it is another", arguments: 4..<36)
    func flips(index: Int) throws {
        var bytes = Self.beacon().encoded
        bytes[index] ^= 0x80
        let beacon = try LANBeacon(decoding: bytes)
        #expect(!beacon.asks(for: Self.chain, now: Self.now))
    }
}
