import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiDaemon

@Suite("The peers of a new link") struct IntroductionsTests {
    private static let own = TestKey("own").verifyingKey

    private static func address(_ text: String) throws -> PeerAddress {
        try #require(PeerAddress(text))
    }

    private static func peer(
        _ name: String,
        _ place: String,
        since: UInt64,
        isInbound: Bool = false
    ) throws -> Introductions.Candidate {
        Introductions.Candidate(
            identity: TestKey(name).verifyingKey,
            address: try address(place),
            isInbound: isInbound,
            since: Timestamp(milliseconds: since)
        )
    }

    private static func chosen(
        at places: [String],
        _ peers: [Introductions.Candidate],
        isLocal: Bool = false
    ) throws -> [String] {
        try Introductions.choose(own, at: places.map(address), peers: peers, isLocal: isLocal)
            .map { text in
                let parts = text.split(separator: "@")
                return (parts[0] == own.hex ? "own " : "") + parts[1]
            }
    }

    @Test("are the node itself and those it called, the longest first") func order() throws {
        let peers = try [
            Self.peer("young", "203.0.113.3:1", since: 9),
            Self.peer("caller", "203.0.113.4:1", since: 1, isInbound: true),
            Self.peer("old", "203.0.113.5:1", since: 2),
            Self.peer("oldest", "203.0.113.6:1", since: 1),
        ]
        let own = try Self.chosen(at: ["198.51.100.1:7"], peers)
        #expect(own == ["own 198.51.100.1:7", "203.0.113.6:1", "203.0.113.5:1"])
        let others = try Self.chosen(at: [], peers)
        #expect(others == ["203.0.113.6:1", "203.0.113.5:1", "203.0.113.3:1"])
    }

    @Test("are of a local network only where there are no others") func privacy() throws {
        let called = try [Self.peer("far", "203.0.113.3:1", since: 9)]
        let places = ["192.168.1.2:7", "127.0.0.1:7"]
        #expect(try Self.chosen(at: places, called) == ["203.0.113.3:1"])
        #expect(try Self.chosen(at: places, []) == ["own 192.168.1.2:7"])
        #expect(try Self.chosen(at: ["127.0.0.1:7"], []).isEmpty)
        #expect(try Self.chosen(at: ["127.0.0.1:7"], [], isLocal: true) == ["own 127.0.0.1:7"])
    }
}
