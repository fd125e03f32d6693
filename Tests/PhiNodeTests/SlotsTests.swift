import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("The links of a node") struct SlotsTests {
    static func host(_ group: UInt32, _ number: UInt32 = 1) -> PeerAddress {
        AddressBookTests.host(0x0b00_0000 + group << 16 + number)
    }

    /// A world with a node in each of so many networks, all heard of.
    static func world(
        _ count: UInt32,
        nature: PeerWorld.Nature = .honest,
        policy: NodePolicy = PeerWorld.policy
    ) throws -> PeerWorld {
        var world = try PeerWorld(policy: policy)
        for group in 0..<count {
            world.settle(host(group), nature)
            world.hear(of: host(group), from: host(group))
        }
        return world
    }

    @Test("are 8 full ones and 2 quiet ones, and no more")
    func numbers() throws {
        var world = try Self.world(40)
        world.run(for: 20_000)
        #expect(world.links(.outbound).count == 8)
        #expect(world.links(.quiet).count == 2)
        #expect(world.bench.node.peers.count == 10)
        world.run(for: 60_000)
        #expect(world.bench.node.peers.count == 10)
    }

    @Test("are full ones first, where there are few nodes", arguments: [7, 8, 9] as [UInt32])
    func fullFirst(count: UInt32) throws {
        var world = try Self.world(count)
        world.run(for: 20_000)
        #expect(world.links(.outbound).count == min(8, Int(count)))
        #expect(world.links(.quiet).count == max(0, Int(count) - 8))
    }

    @Test("go to one node of each network once 8 networks are known")
    func networks() throws {
        var world = try PeerWorld()
        for group in 0..<8 as Range<UInt32> {
            for number in 1...5 as ClosedRange<UInt32> {
                world.settle(Self.host(group, number << 8), .honest)
                world.hear(of: Self.host(group, number << 8), from: Self.host(group))
            }
        }
        world.run(for: 20_000)
        let links = world.links(.outbound) + world.links(.quiet)
        #expect(links.count == 8)
        #expect(Set(links.map(\.group)).count == 8)
    }

    @Test("go to several subnets of one network while fewer than 8 networks are known")
    func subnets() throws {
        var world = try PeerWorld()
        for number in 0..<12 as Range<UInt32> {
            world.settle(Self.host(number % 7, (number + 1) << 8), .honest)
            world.hear(of: Self.host(number % 7, (number + 1) << 8), from: Self.host(number))
            world.settle(Self.host(number % 7, (number + 1) << 8 + 1), .honest)
            world.hear(of: Self.host(number % 7, (number + 1) << 8 + 1), from: Self.host(90))
        }
        world.run(for: 20_000)
        let links = world.links(.outbound) + world.links(.quiet)
        #expect(links.count == 10)
        #expect(Set(links.map(\.subnet)).count == links.count)
    }

    @Test("are not bound to networks on one machine")
    func local() throws {
        var policy = PeerWorld.policy
        policy.isLocal = true
        var world = try PeerWorld(policy: policy)
        for number in 1...12 as ClosedRange<UInt32> {
            world.settle(Self.host(0, number), .honest)
            world.hear(of: Self.host(0, number), from: Self.host(0))
        }
        world.run(for: 20_000)
        #expect(world.links(.outbound).count == 8)
        #expect(world.links(.quiet).count == 2)
    }

    @Test("to the operator's peers stand beside the others")
    func manual() throws {
        var world = try Self.world(40)
        for group in 100..<110 as Range<UInt32> {
            let identity = world.settle(Self.host(group), .honest)
            world.bench.step(.addPeer(Self.host(group), identity, via: .manual))
        }
        world.run(for: 20_000)
        #expect(world.links(.manual).count == 10)
        #expect(world.links(.outbound).count == 8)
        #expect(world.links(.quiet).count == 2)
    }

    @Test("carry no entries, no records and no requests for peers where they are quiet")
    func quiet() throws {
        var world = try Self.world(12)
        world.run(for: 20_000)
        let quiet = world.bench.node.peers.values.filter { $0.kind == .quiet }.map(\.handle)
        let (open, _) = PatienceTests.entries(0)
        _ = try world.bench.submit(
            TestAuthor("host", on: PeerWorld.network).openOnly()
        )
        world.bench.sent = []
        let record = try AddressBookTests.record(
            of: "bench",
            at: [Self.host(200)],
            signedAt: world.bench.now
        )
        world.bench.step(.renewed(record))
        for _ in 0..<30 { world.bench.wait(1_000) }
        for handle in quiet {
            world.bench.receive(.inventory([open.leaf]), from: handle)
            let types = Set(world.bench.sent.filter { $0.peer == handle }.map(\.message.type))
            let full: Set<MessageType> = [
                .inventory, .record, .peers, .getPeers, .sketch, .getEntries,
            ]
            #expect(types.isDisjoint(with: full))
        }
        #expect(world.bench.sent.contains { $0.message.type == .inventory })
        #expect(world.bench.sent.contains { $0.message.type == .record })
    }

    @Test("become full ones where no other link is left for a minute")
    func lonely() throws {
        var world = try Self.world(12)
        world.run(for: 20_000)
        let quiet = world.links(.quiet)
        for address in world.residents.keys where !quiet.contains(address) {
            world.residents[address]?.nature = .dead
        }
        for (handle, address) in world.links.sorted(by: { $0.key < $1.key })
        where !quiet.contains(address) {
            world.links[handle] = nil
            world.bench.step(.disconnected(handle))
        }
        world.run(for: 59_000)
        #expect(world.links(.quiet) == quiet)
        world.run(for: 3_000)
        #expect(world.links(.outbound).count == 1)
        #expect(world.links(.quiet).count == 1)
    }

    @Test("are tried out by a feeler every 2 minutes, every 10 once 500 addresses answered")
    func feelers() throws {
        var policy = PeerWorld.policy
        policy.staleTipIntervals = 1_000
        var world = try Self.world(60, policy: policy)
        world.run(for: 20_000)
        let before = world.bench.node.book.triedCount
        #expect(before == 10)
        world.run(for: 99_000)
        #expect(world.bench.node.book.triedCount == 10)
        world.run(for: 1_000)
        #expect(world.bench.node.book.triedCount == 11)
        world.run(for: 10 * 120_000)
        #expect(world.bench.node.book.triedCount == 21)
        for number in 0..<2_000 as Range<UInt32>
        where world.bench.node.book.triedCount < 500 {
            let address = AddressBookTests.host(0x4000_0000 + number << 16)
            world.bench.node.book.answered(
                address,
                identity: AddressBookTests.node(1_000_000 + UInt64(number)),
                way: .peers,
                now: world.bench.now
            )
        }
        world.run(for: 120_000)
        let calls = world.called.count
        world.run(for: 599_000)
        #expect(world.called.count == calls)
        world.run(for: 1_000)
        #expect(world.called.count == calls + 1)
        #expect(world.bench.node.peers.count == 10)
    }

    @Test("to seeds are made after 2 seconds, where fewer than 2 peers are there")
    func seeds() throws {
        for (others, isCalled) in [(0, true), (1, true), (2, false)] as [(UInt32, Bool)] {
            var world = try Self.world(others)
            let identity = world.settle(Self.host(200), .honest)
            world.bench.step(.addPeer(Self.host(200), identity, via: .seed))
            world.run(for: 1_000)
            #expect(!world.called.contains(Self.host(200)))
            world.run(for: 2_000)
            #expect(world.called.contains(Self.host(200)) == isCalled)
        }
    }

    @Test(
        "to nodes of links and of the local network are made at once",
        arguments: [
            WayIn.link, .lan,
        ]
    )
    func named(way: WayIn) throws {
        var world = try PeerWorld()
        let identity = world.settle(Self.host(200), .dead)
        world.bench.step(.addPeer(Self.host(200), identity, via: way))
        world.answer()
        #expect(world.called == [Self.host(200)])
        #expect(world.bench.node.book.count == 1)
        #expect(world.bench.node.calls[Self.host(200)] == nil)
        world.residents[Self.host(200)]?.nature = .honest
        world.run(for: 60_000)
        #expect(world.links(.outbound) == [Self.host(200)])
        #expect(world.bench.node.status.peers.first?.way == WayFound(way))
    }

    @Test("give way to others where the peer knows of less work for 20 minutes")
    func behind() throws {
        var world = try Self.world(8, nature: .ignorant)
        _ = try world.bench.mine()
        world.run(for: 10_000)
        #expect(world.links(.outbound).count == 8)
        let first = Set(world.links(.outbound))
        world.run(for: 20 * 60_000 - 15_000, step: 5_000)
        #expect(Set(world.links(.outbound)) == first)
        #expect(world.bench.node.peers.values.allSatisfy { $0.behind?.wasAsked == false })
        world.run(for: 30_000)
        #expect(world.bench.node.peers.values.contains { $0.behind?.wasAsked == true })
        for group in 20..<28 as Range<UInt32> {
            world.settle(Self.host(group), .honest)
            world.hear(of: Self.host(group), from: Self.host(group))
        }
        world.run(for: 30 * 60_000, step: 5_000)
        let honest = world.links(.outbound).filter { world.residents[$0]?.nature == .honest }
        #expect(honest.count >= 4)
    }

    @Test("are one more while the tip is silent for 30 intervals")
    func silentTip() throws {
        var world = try Self.world(40)
        world.run(for: 30 * 60_000 - 5_000, step: 5_000)
        #expect(world.links(.outbound).count == 8)
        world.run(for: 10_000)
        #expect(world.links(.outbound).count == 9)
        world.run(for: 60_000)
        #expect(world.links(.outbound).count == 9)
        _ = try world.bench.mine()
        world.run(for: 2_000)
        #expect(world.links(.outbound).count == 8)
    }

    @Test("show the host that two peers in different networks agree on")
    func observers() throws {
        for (group, isBelieved) in [(0, false), (1, true)] as [(UInt32, Bool)] {
            var world = try PeerWorld()
            world.seenAt = AddressBookTests.host(0x5050_5050, port: 1_000)
            world.settle(Self.host(0), .honest)
            world.hear(of: Self.host(0), from: Self.host(0))
            world.run(for: 5_000)
            #expect(world.bench.node.status.observedAddress == nil)
            world.settle(Self.host(group, 0x0500), .honest)
            world.hear(of: Self.host(group, 0x0500), from: Self.host(group))
            world.run(for: 5_000)
            #expect(world.links(.outbound).count == 2)
            let seen = world.bench.node.status.observedAddress
            #expect((seen?.version4 == 0x5050_5050) == isBelieved)
        }
    }

    @Test("show no host that means something to neighbors alone")
    func privateHost() throws {
        var world = try Self.world(8)
        world.seenAt = PeerAddress(version4: 0xc0a8_0001, port: 1)
        world.run(for: 10_000)
        #expect(world.links(.outbound).count == 8)
        #expect(world.bench.node.status.observedAddress == nil)
    }
}

extension TestAuthor {
    /// An entry that opens a meeting, made by a copy of the author.
    fileprivate func openOnly() -> Entry {
        var author = self
        return author.open()
    }
}
