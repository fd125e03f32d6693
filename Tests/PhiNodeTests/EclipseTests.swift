import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("A node under siege") struct EclipseTests {
    private static func isGood(_ address: PeerAddress, in world: PeerWorld) -> Bool {
        world.residents[address]?.nature == .honest
    }

    @Test("finds good peers among ten times as many bad addresses in 20 networks")
    func manyBad() throws {
        var world = try PeerWorld()
        for number in 0..<2_000 as Range<UInt32> {
            let address = AddressBookTests.host(
                0x4000_0000 + (number % 20) << 16 + (number / 20 + 1) << 8 + 7
            )
            world.settle(address, number % 2 == 0 ? .dead : .ignorant)
            for source in 0..<4 as Range<UInt32> {
                world.hear(of: address, from: AddressBookTests.host(0x4000_0000 + source << 16))
            }
        }
        for number in 0..<200 as Range<UInt32> {
            let address = SlotsTests.host(number)
            world.settle(address, .honest)
            world.hear(of: address, from: SlotsTests.host(number % 5))
        }
        for _ in 0..<24 * 6 {
            _ = try world.bench.mine()
            world.run(for: 600_000, step: 15_000)
        }
        let good = world.links(.outbound).filter { Self.isGood($0, in: world) }
        #expect(good.count >= 6)
        #expect(world.bench.node.book.triedCount > 50)
    }

    @Test("keeps two honest links over a restart with a poisoned book")
    func poisonedRestart() throws {
        var world = try SlotsTests.world(12)
        world.run(for: 30_000)
        let anchors = world.bench.node.slots.anchors.prefix(2).map(\.address)
        #expect(Set(anchors) == Set(world.links(.quiet)))
        for number in 0..<5_000 as Range<UInt32> {
            let address = AddressBookTests.host(
                0x4000_0000 + (number % 50) << 16 + (number / 50 + 1) << 8 + 7
            )
            let identity = world.settle(address, .ignorant)
            world.hear(of: address, from: AddressBookTests.host(0x4000_0000 + number << 16))
            world.bench.node.book.answered(
                address,
                identity: identity,
                way: .peers,
                now: world.bench.now,
                tests: false
            )
        }
        let book = world.bench.node.bookSnapshot
        var after = try PeerWorld(book: book)
        after.residents = world.residents
        after.answer()
        #expect(after.called.prefix(2) == anchors.prefix(2))
        after.run(for: 30_000)
        let links = after.links(.quiet) + after.links(.outbound)
        #expect(Set(anchors).isSubset(of: links))
        #expect(after.links(.quiet).filter { Self.isGood($0, in: after) }.count == 2)
    }

    @Test("calls the other anchors where the first are gone")
    func lostAnchors() throws {
        var world = try SlotsTests.world(12)
        world.run(for: 30_000)
        let first = world.bench.node.slots.anchors.prefix(2).map(\.address)
        for address in first { world.residents[address]?.nature = .dead }
        for (handle, address) in world.links.sorted(by: { $0.key < $1.key })
        where first.contains(address) {
            world.bench.step(.disconnected(handle))
            world.links[handle] = nil
        }
        world.run(for: 700_000)
        let anchors = world.bench.node.slots.anchors
        #expect(anchors.count == 4)
        var after = try PeerWorld(book: world.bench.node.bookSnapshot)
        after.residents = world.residents
        for anchor in anchors.prefix(2) { after.residents[anchor.address]?.nature = .dead }
        after.run(for: 5_000)
        #expect(Set(after.called).isSuperset(of: anchors.prefix(2).map(\.address)))
    }

    @Test("recovers when one honest peer can be called, though all callers are hostile")
    func allCallersHostile() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        let chain = MisbehaviorTests.chain()
        for peer in 1...40 as ClosedRange<PeerHandle> {
            bench.greet(peer)
            let lie = TipClaim(
                hash: SHA256.hash([UInt8(peer)]),
                height: Height(1_000),
                work: chain.tip.header.header.chainWork
            )
            if peer % 2 == 0 { bench.receive(.ping(Ping(nonce: 1, tip: lie)), from: peer) }
        }
        bench.wait(10_000)
        #expect(bench.node.status.tip.header.height == .genesis)
        let honest = TestKey("honest").verifyingKey
        let address = PeerAddress(version4: 0x0c0c_0c0c, port: 7_447)
        bench.step(.addPeer(address, honest, via: .link))
        #expect(bench.dialed == [address])
        bench.step(.connected(50, identity: honest, isInbound: false, address: address))
        bench.receive(.hello(bench.hello(tip: chain.tip)), from: 50)
        bench.receive(chain.message(), from: 50)
        for _ in 0..<180 {
            Self.serve(chain, from: 50, in: &bench)
            bench.wait(1_000)
        }
        #expect(bench.node.status.tip == chain.tip.header)
        #expect(bench.node.sync == .synced)
        #expect(bench.ended[50] == nil)
    }

    /// Has an honest peer answer all that it was asked.
    private static func serve(_ chain: TestChain, from peer: PeerHandle, in bench: inout TestBench)
    {
        for message in bench.take(.getBlocks, to: peer) {
            guard case .getBlocks(let hashes) = message else { continue }
            for block in chain.blocks where hashes.contains(block.hash) {
                bench.receive(.block(hash: block.hash, body: block.body.encoded), from: peer)
            }
        }
        for message in bench.take(.ping, to: peer) {
            guard case .ping(let ping) = message else { continue }
            bench.receive(.pong(nonce: ping.nonce), from: peer)
        }
        for _ in bench.take(.getHeaders, to: peer) { bench.receive(chain.message(), from: peer) }
    }

    @Test("makes room for a caller when it is full, and refuses it when nobody can go")
    func fullHouse() throws {
        var bench = try TestBench(policy: PeerWorld.policy)
        for peer in 1...40 as ClosedRange<PeerHandle> { bench.greet(peer) }
        #expect(bench.ended.isEmpty)
        bench.greet(41)
        #expect(bench.ended.count == 1)
        #expect(bench.ended.values.first == .evicted)
        #expect(bench.ended[41] == nil)
        var policy = PeerWorld.policy
        policy.inboundPeers = 1
        var small = try TestBench(policy: policy)
        small.greet(1)
        small.greet(2)
        #expect(small.ended == [2: .full])
    }
}
