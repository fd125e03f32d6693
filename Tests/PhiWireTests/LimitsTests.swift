import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("The body of a message") struct LimitsTests {
    @Test("has the limit that the protocol page gives it")
    func bodies() {
        let expected: [(MessageType, Int)] = [
            (.hello, 452), (.ping, 60), (.pong, 8), (.record, 263), (.getPeers, 1),
            (.peers, 8_481), (.getHeaders, 2_049), (.headers, 131_072), (.getBlocks, 513),
            (.block, 1_000_032), (.missingBlocks, 513), (.compactBlock, 77_923),
            (.getBlockEntries, 4_130), (.blockEntries, 1_000_034), (.relayMode, 1),
            (.inventory, 32_002), (.getEntries, 8_194), (.entries, 1_048_571),
            (.missingEntries, 8_194), (.sketch, 8_193), (.buckets, 262_144),
        ]
        #expect(expected.count == MessageType.allCases.count)
        for (type, limit) in expected { #expect(type.bodyLimit == limit, "\(type.name)") }
        #expect(Limits.frameByteCount == 1_048_576)
        #expect(Limits.frameHeadByteCount == 5)
        #expect(Limits.frameBodyByteCount == 1_048_571)
    }

    @Test("names the limit and what it found when it is empty and must not be")
    func empty() {
        func failure(_ type: MessageType, _ body: [UInt8]) -> WireFailure? {
            do {
                _ = try Message.decode(type, body)
                return nil
            } catch { return error }
        }
        func refusal(_ type: MessageType, _ field: String) -> WireFailure {
            .decoding(type: type, .underLimit(field: field, limit: 1, found: 0))
        }
        let hash = [UInt8](repeating: 7, count: 32)
        #expect(failure(.getPeers, [0]) == refusal(.getPeers, "peer maximum"))
        #expect(failure(.entries, [0, 0]) == refusal(.entries, "entry count"))
        #expect(failure(.getHeaders, [0]) == refusal(.getHeaders, "locator count"))
        #expect(failure(.getBlocks, [0]) == refusal(.getBlocks, "block count"))
        #expect(failure(.inventory, [0, 0]) == refusal(.inventory, "leaf count"))
        #expect(
            failure(.getBlockEntries, hash + [0, 0]) == refusal(.getBlockEntries, "entry count")
        )
        #expect(failure(.blockEntries, hash + [0, 0]) == refusal(.blockEntries, "entry count"))
    }
}
