import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

/// Behaviors 8 to 11 and 40: floods, poisoned records and a ring of hostile peers.
@Suite("A node whose peers flood it") struct HostileFloodTests {
    static let hostile: PeerHandle = 7

    /// Has a peer send without rest, once in a second of the node's time.
    static func flood(
        _ victim: inout Victim,
        seconds: Int,
        _ send: (inout Victim) -> Void
    ) {
        for _ in 0..<seconds where victim.bench.ended[hostile] == nil {
            send(&victim)
            victim.wait(1_000)
        }
    }

    @Test("08 reads no more from a peer that floods it with pings, then parts from it")
    func pings() throws {
        var victim = try Victim()
        victim.meet(Self.hostile)
        let tip = victim.bench.hello().tip
        Self.flood(&victim, seconds: 120) { victim in
            for nonce in 1...500 {
                victim.bench.receive(
                    .ping(Ping(nonce: UInt64(nonce), tip: tip)),
                    from: Self.hostile
                )
            }
        }
        #expect(!victim.bench.pauses.isEmpty)
        #expect(victim.bench.ended[Self.hostile] == .rate(.pings))
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("09 reads no more from a peer that floods it with unknown messages, then parts from it")
    func unknownMessages() throws {
        var victim = try Victim()
        victim.meet(Self.hostile)
        Self.flood(&victim, seconds: 120) { victim in
            for _ in 0..<5_000 {
                victim.bench.step(.malformed(Self.hostile, .unknownType(0xee)))
            }
        }
        #expect(!victim.bench.pauses.isEmpty)
        #expect(victim.bench.ended[Self.hostile] == .rate(.unknown))
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("10 leaves most of a flood of node records unread")
    func recordFlood() throws {
        var policy = NodePolicy()
        policy.reconcileInterval = 3_000
        var victim = try Victim(policy: policy)
        victim.meetHonestPeer()
        victim.meet(Self.hostile)
        for round in 0..<40 {
            let records = try Self.records(32, firstNetwork: UInt32(round) * 32, victim.bench.now)
            victim.bench.receive(.peers(records), from: Self.hostile)
        }
        let status = victim.bench.node.status
        #expect(status.ignoredRecords > 900)
        #expect(status.knownAddresses < 100)
        #expect(!victim.bench.pauses.isEmpty)
        victim.honestBlock()
        #expect(victim.isSynced)
    }

    @Test("11 gives records of one network a small part of its book")
    func recordPoisoning() throws {
        var policy = NodePolicy()
        policy.reconcileInterval = 3_000
        var victim = try Victim(policy: policy)
        victim.meet(Self.hostile)
        for _ in 0..<200 {
            let hosts = (0..<32).map { _ in UInt32(victim.bench.now.milliseconds % 60_000) }
            let records = try hosts.enumerated().map { index, host in
                try Self.record(0x0b0b_0000 + (host + UInt32(index)) % 65_536, victim.bench.now)
            }
            victim.bench.receive(.peers(records), from: Self.hostile)
            victim.wait(10_000)
        }
        #expect(victim.bench.node.status.triedAddresses == 0)
        #expect(victim.bench.node.status.knownAddresses <= 16 * 32)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("40 recovers from a ring of 50 hostile peers when one honest peer is called")
    func eclipse() throws {
        var victim = try Victim()
        let stale = victim.honest.chain.blocks[5]
        let early = victim.honest.chain.cut(at: stale.height)
        for peer in 1...50 as ClosedRange<PeerHandle> {
            victim.meet(peer, isInbound: peer > 8, tip: stale)
            victim.bench.receive(early.message(), from: peer)
            for case .getBlocks(let hashes) in victim.bench.take(.getBlocks, to: peer) {
                for block in early.blocks where hashes.contains(block.hash) {
                    let body = block.body.encoded
                    victim.bench.receive(.block(hash: block.hash, body: body), from: peer)
                }
            }
        }
        #expect(victim.bench.node.status.tip.hash == stale.hash)
        victim.wait(10_000)
        let address = PeerAddress(version4: 0x0a00_0000 + UInt32(Victim.honestHandle), port: 1)
        victim.bench.step(.addPeer(address, nil, via: .manual))
        #expect(victim.bench.dialed.contains(address))
        victim.meetHonestPeer()
        let seconds = try #require([victim.recovers()].first ?? nil)
        #expect(seconds <= 60)
    }

    private static func record(_ host: UInt32, _ now: Timestamp) throws -> NodeRecord {
        try NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: now,
            validity: 24 * 60 * 60 * 1_000,
            servesFrom: .genesis,
            addresses: [PeerAddress(version4: host, port: 7_181)]
        )
        .signed(by: SigningKey(seed: TestKey("far \(host)").seed), chain: TestBench.network.chain)
    }

    /// Records of nodes that are each in a network of its own.
    private static func records(
        _ count: UInt32,
        firstNetwork: UInt32,
        _ now: Timestamp
    ) throws -> [NodeRecord] {
        try (0..<count).map { try record(0x0b00_0001 + (firstNetwork + $0) << 16, now) }
    }
}
