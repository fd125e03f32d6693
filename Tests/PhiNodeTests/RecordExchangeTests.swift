import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("Records of nodes") struct RecordExchangeTests {
    private static func records(
        _ count: Int,
        firstHost: UInt32 = 0x0b00_0001,
        signedAt now: Timestamp
    ) throws -> [NodeRecord] {
        try (0..<count).map { number in
            try AddressBookTests.record(
                of: "far \(firstHost) \(number)",
                at: [AddressBookTests.host(firstHost + UInt32(number) << 16)],
                signedAt: now
            )
        }
    }

    private static func told(_ bench: inout TestBench, _ peer: PeerHandle) -> [NodeRecord] {
        bench.take(.peers, to: peer).flatMap { message -> [NodeRecord] in
            guard case .peers(let records) = message else { return [] }
            return records
        }
    }

    @Test("that nobody asked for are read 10 at once, then one in 10 seconds")
    func metered() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        bench.greet(1)
        let records = try Self.records(24, signedAt: bench.now)
        bench.receive(.peers(Array(records[..<11])), from: 1)
        #expect(bench.node.book.count == 10)
        #expect(bench.node.status.ignoredRecords == 1)
        bench.now = bench.now.adding(milliseconds: 9_999)
        bench.receive(.peers(Array(records[11..<12])), from: 1)
        #expect(bench.node.book.count == 10)
        #expect(bench.node.status.ignoredRecords == 2)
        bench.now = bench.now.adding(milliseconds: 1)
        bench.receive(.peers(Array(records[12..<14])), from: 1)
        #expect(bench.node.book.count == 11)
        #expect(bench.node.status.ignoredRecords == 3)
        #expect(bench.ended[1] == nil)
    }

    @Test("that were asked for are read beside, up to as many as were asked for")
    func asked() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        bench.greet(1, isInbound: false)
        #expect(bench.take(.getPeers, to: 1).count == 1)
        let records = try Self.records(64, signedAt: bench.now)
        bench.receive(.peers(Array(records[..<32])), from: 1)
        bench.receive(.peers(Array(records[32...])), from: 1)
        let limit = UInt64(Limits.peers) + RecordMeter.first
        #expect(bench.node.status.ignoredRecords == 64 - limit)
        #expect(bench.node.book.count > Int(RecordMeter.first) + 20)
    }

    @Test("fill a bucket of 1,000 and no more")
    func bucket() {
        var meter = RecordMeter(now: .zero)
        let later = Timestamp(milliseconds: .max)
        var count = 0
        while meter.take(now: later) { count += 1 }
        #expect(count == 1_000)
    }

    @Test("are passed on to two others while they are fresh and come in small messages")
    func passedOn() throws {
        for (count, age, isPassed) in [
            (10, 0, true), (11, 0, false), (10, 599_999, true), (10, 600_000, false),
        ] as [(Int, UInt64, Bool)] {
            var bench = try TestBench(policy: PeerWorld.policy)
            for peer in 1...6 as ClosedRange<PeerHandle> { bench.greet(peer) }
            bench.sent = []
            let records = try Self.records(count, signedAt: bench.now)
            bench.now = bench.now.adding(milliseconds: age)
            bench.receive(.peers(records), from: 1)
            let messages = bench.sent.filter { $0.message.type == .peers }
            #expect(messages.count == (isPassed ? 20 : 0))
            #expect(messages.allSatisfy { $0.peer != 1 })
            bench.sent = []
            bench.receive(.peers(records), from: 2)
            #expect(bench.sent.filter { $0.message.type == .peers }.isEmpty)
        }
    }

    @Test("are told as a quarter of the book, the same for a day to one network")
    func told() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        var chance = SeededChance(seed: 9)
        for record in try Self.records(100, signedAt: bench.now) {
            bench.node.book.learn(
                record,
                from: record.addresses[0].group,
                way: .peers,
                now: bench.now,
                chance: &chance
            )
        }
        bench.greet(1)
        bench.greet(2)
        bench.receive(.getPeers(maximum: 255), from: 1)
        let first = Self.told(&bench, 1)
        #expect(first.count == bench.node.book.count * 23 / 100)
        for record in try Self.records(20, firstHost: 0x8000_0001, signedAt: bench.now) {
            bench.node.book.learn(
                record,
                from: record.addresses[0].group,
                way: .peers,
                now: bench.now,
                chance: &chance
            )
        }
        bench.receive(.getPeers(maximum: 255), from: 2)
        #expect(Self.told(&bench, 2) == first)
        bench.receive(.getPeers(maximum: 3), from: 2)
        #expect(Self.told(&bench, 2).count == 3)
        let other = PeerAddress(version4: 0x7777_0001, port: 1)
        bench.step(
            .connected(
                3,
                identity: TestKey("peer 3").verifyingKey,
                isInbound: true,
                address: other
            )
        )
        bench.receive(.hello(bench.hello()), from: 3)
        bench.receive(.getPeers(maximum: 255), from: 3)
        #expect(Self.told(&bench, 3) != first)
    }

    @Test("of one host are told as one")
    func oneHost() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        var chance = SeededChance(seed: 9)
        for number in 0..<6 as Range<UInt32> {
            let record = try AddressBookTests.record(
                of: "host \(number)",
                at: [AddressBookTests.host(0x0b00_0001, port: UInt16(number + 1))],
                signedAt: bench.now
            )
            bench.node.book.learn(
                record,
                from: AddressBookTests.host(0x2000_0000 + number << 16).group,
                way: .peers,
                now: bench.now,
                chance: &chance
            )
        }
        #expect(bench.node.book.count > 1)
        bench.greet(1)
        bench.receive(.getPeers(maximum: 255), from: 1)
        #expect(Self.told(&bench, 1).count == 1)
    }
}
