import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("Discouragement") struct DiscouragementTests {
    private static let bad = PeerAddress(version4: 0x0b0b_0001, port: 5)
    private static let day: UInt64 = 24 * 3_600_000

    private static func call(
        _ bench: inout TestBench,
        _ peer: PeerHandle,
        from address: PeerAddress
    ) {
        bench.step(
            .connected(
                peer,
                identity: TestKey("peer \(peer)").verifyingKey,
                isInbound: true,
                address: address
            )
        )
    }

    private static func misbehave(_ bench: inout TestBench, _ peer: PeerHandle) {
        bench.receive(.getPeers(maximum: 1), from: peer)
    }

    @Test("of an identity lasts a day")
    func identity() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        Self.call(&bench, 1, from: Self.bad)
        Self.misbehave(&bench, 1)
        bench.ended = [:]
        let end = bench.now.adding(milliseconds: Self.day)
        bench.now = end.milliseconds > 0 ? Timestamp(milliseconds: end.milliseconds - 1) : end
        bench.connect(2, as: "peer 1")
        #expect(bench.ended[2] == .discouraged)
        bench.now = end
        bench.connect(3, as: "peer 1")
        #expect(bench.ended[3] == nil)
    }

    @Test("of a host lets others in while there is room, and has them go first")
    func host() throws {
        var policy = PeerWorld.policy
        policy.inboundPeers = 3
        var bench = try TestBench(policy: policy)
        Self.call(&bench, 1, from: Self.bad)
        Self.misbehave(&bench, 1)
        bench.ended = [:]
        Self.call(&bench, 2, from: PeerAddress(address: Self.bad.address, port: 6))
        bench.connect(3)
        bench.connect(4)
        #expect(bench.ended.isEmpty)
        Self.call(&bench, 5, from: PeerAddress(address: Self.bad.address, port: 7))
        #expect(bench.ended == [5: .full])
        bench.connect(6)
        #expect(bench.ended == [2: .evicted, 5: .full])
        bench.connect(7)
        #expect(bench.ended == [2: .evicted, 5: .full, 6: .evicted])
    }

    @Test("of a host keeps the node from calling it, unless the operator wants it")
    func outbound() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        Self.call(&bench, 1, from: Self.bad)
        Self.misbehave(&bench, 1)
        let there = PeerAddress(address: Self.bad.address, port: 7_447)
        bench.step(.addPeer(there, TestKey("far").verifyingKey, via: .link))
        bench.wait(60_000)
        #expect(bench.dialed.isEmpty)
        bench.step(.addPeer(there, TestKey("far").verifyingKey, via: .manual))
        #expect(bench.dialed == [there])
    }

    @Test("spares the machine itself, and a local network where all nodes are in it")
    func exempt() {
        let loopback = PeerAddress(version4: 0x7f00_0001, port: 1)
        let neighbor = PeerAddress(version4: 0xc0a8_0001, port: 1)
        for isLocal in [false, true] {
            var policy = NodePolicy()
            policy.isLocal = isLocal
            var table = DiscouragedPeers(policy: policy)
            for (number, address) in [loopback, neighbor, Self.bad].enumerated() {
                table.add(AddressBookTests.node(UInt64(number)), at: address, now: .zero)
            }
            #expect(!table.contains(loopback, now: .zero))
            #expect(table.contains(neighbor, now: .zero) == !isLocal)
            #expect(table.contains(Self.bad, now: .zero))
            #expect(table.contains(AddressBookTests.node(0), now: .zero))
        }
    }

    @Test("is remembered of so many, and the oldest goes first")
    func limit() {
        var policy = NodePolicy()
        policy.discouragedPeers = 2
        var table = DiscouragedPeers(policy: policy)
        for number in 1...3 as ClosedRange<UInt64> {
            table.add(
                AddressBookTests.node(number),
                at: AddressBookTests.host(0x0b00_0000 + UInt32(number)),
                now: Timestamp(milliseconds: number)
            )
        }
        for (number, isThere) in [(1, false), (2, true), (3, true)] as [(UInt64, Bool)] {
            let now = Timestamp(milliseconds: 3)
            #expect(table.contains(AddressBookTests.node(number), now: now) == isThere)
            let host = AddressBookTests.host(0x0b00_0000 + UInt32(number))
            #expect(table.contains(host, now: now) == isThere)
        }
    }

    @Test("does not reach the host of a peer that the operator named")
    func manual() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        let identity = TestKey("far").verifyingKey
        bench.step(.addPeer(Self.bad, identity, via: .manual))
        bench.step(.connected(1, identity: identity, isInbound: false, address: Self.bad))
        Self.misbehave(&bench, 1)
        #expect(bench.ended[1] == .misbehavior(.outOfTurn))
        #expect(!bench.node.discouraged.contains(Self.bad, now: bench.now))
        #expect(bench.node.discouraged.contains(identity, now: bench.now))
    }
}
