import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("A peer that is called") struct CalledPeersTests {
    private static func record(
        of name: String,
        at number: UInt32,
        signedAt now: Timestamp
    ) throws -> NodeRecord {
        let draft = NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: now,
            validity: 3_600_000,
            servesFrom: .genesis,
            addresses: [PeerAddress(version4: 0x0a00_0000 + number, port: 4_000)]
        )
        let key = try SigningKey(seed: TestKey(name).seed)
        return try draft.signed(by: key, chain: TestBench.network.chain)
    }

    private static func address(_ number: UInt32) -> PeerAddress {
        PeerAddress(version4: 0x0a00_0000 + number, port: 4_000)
    }

    @Test("is called where its newest record says, and nowhere else")
    func renewed() throws {
        var bench = try TestBench()
        bench.greet(1)
        bench.receive(
            .peers([try Self.record(of: "far", at: 50, signedAt: bench.now)]),
            from: 1
        )
        #expect(bench.dialed == [Self.address(50)])
        bench.dialed = []
        bench.now = bench.now.adding(milliseconds: 1)
        bench.receive(
            .peers([try Self.record(of: "far", at: 51, signedAt: bench.now)]),
            from: 1
        )
        #expect(bench.dialed == [Self.address(51)])
        for _ in 0..<3 {
            bench.step(.dialFailed(Self.address(51)))
            bench.wait(15_000)
        }
        #expect(Set(bench.dialed) == [Self.address(51)])
        #expect(bench.dialed.count > 2)
    }

    @Test("is called again and again where the operator named it, each ten seconds at last")
    func retries() throws {
        var bench = try TestBench()
        bench.step(.addPeer(Self.address(9), nil, via: .manual))
        var waits: [UInt64] = []
        for _ in 0..<12 {
            let start = bench.now
            bench.dialed = []
            bench.step(.dialFailed(Self.address(9)))
            while bench.dialed.isEmpty, bench.now.since(start) < 1_000_000 { bench.wait(1_000) }
            waits.append(bench.now.since(start))
        }
        #expect((waits.first ?? 0) <= 2_000)
        #expect(waits.suffix(4).allSatisfy { $0 >= 5_000 })
        #expect(waits.allSatisfy { $0 <= 16_000 })
    }

    @Test("is not called once the operator refused it")
    func banned() throws {
        var bench = try TestBench()
        let far = TestKey("far").verifyingKey
        bench.step(.addPeer(Self.address(50), far, via: .manual))
        #expect(bench.dialed.count == 1)
        bench.connect(1, as: "far", isInbound: false)
        bench.step(.banPeer(far))
        #expect(bench.ended[1] == .operatorWish)
        bench.dialed = []
        bench.greet(2)
        bench.receive(
            .peers([try Self.record(of: "far", at: 50, signedAt: bench.now)]),
            from: 2
        )
        bench.wait(60_000)
        #expect(bench.dialed.isEmpty)
        bench.connect(3, as: "far")
        #expect(bench.ended[3] == .discouraged)
    }

    @Test("is discouraged for a record with a wrong signature")
    func forged() throws {
        var bench = try TestBench()
        bench.greet(1)
        var bytes = try Self.record(of: "far", at: 50, signedAt: bench.now).encoded
        bytes[bytes.count - 1] ^= 1
        bench.receive(.peers([try NodeRecord(decoding: bytes)]), from: 1)
        #expect(bench.ended[1] == .misbehavior(.invalidRecord))
        #expect(bench.dialed.isEmpty)
    }
}
