import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("What a peer is sent unasked") struct PushedPeersTests {
    @Test("are blocks for at most eight of those that called and asked", arguments: [7, 8, 9])
    func inboundLimit(count: UInt64) throws {
        var push = try PushBench(peers: [])
        for peer in 1...count {
            push.bench.greet(peer, tip: push.chain.tip)
            push.bench.receive(.relayMode(.push), from: peer)
        }
        push.bench.greet(100, tip: push.chain.tip)
        push.bench.sent = []
        let entry = push.entries(1)[0]
        #expect(try push.bench.submit(entry) == .success(entry.id))
        try push.bench.mine()
        let pushed = (1...count).filter { push.types(to: $0).contains(.compactBlock) }
        #expect(pushed == Array(1...min(count, 8)))
        for peer in [100] + (1...count) where !pushed.contains(peer) {
            #expect(push.types(to: peer).filter { $0 == .headers }.count == 1)
        }
    }

    @Test("are blocks first for those that gave the newest ones") func givers() throws {
        var policy = TestSwarm.policy
        policy.pushedInboundPeers = 1
        var push = try PushBench(policy: policy, peers: [])
        for peer in 1...3 as ClosedRange<PeerHandle> {
            push.bench.greet(peer, tip: push.chain.tip)
            push.bench.receive(.relayMode(.push), from: peer)
        }
        push.chain.append(push.entries(1))
        try push.push(3, prefilled: [0])
        #expect(push.isThere)
        push.bench.sent = []
        let entry = push.entries(1)[0]
        #expect(try push.bench.submit(entry) == .success(entry.id))
        try push.bench.mine()
        #expect(push.types(to: 3).contains(.compactBlock))
        #expect(!push.types(to: 2).contains(.compactBlock))
        #expect(!push.types(to: 1).contains(.compactBlock))
    }

    @Test("are blocks up to five deep, else headers", arguments: [4, 5, 6])
    func depth(count: Int) throws {
        var push = try PushBench(peers: [1])
        let old = push.chain.tip
        push.bench.step(.disconnected(1))
        for index in 0..<count {
            push.chain.append(push.entries(index == 0 ? 0 : 1))
            guard index + 1 == count else {
                push.bench.greet(50, isInbound: false)
                let items = index == 0 ? [] : [UInt16(0)]
                guard index > 0 else {
                    push.bench.receive(push.chain.message(above: Height(1)), from: 50)
                    push.bench.step(.disconnected(50))
                    continue
                }
                try push.push(50, prefilled: items)
                push.bench.step(.disconnected(50))
                continue
            }
            push.bench.greet(2, isInbound: false, tip: old)
            push.bench.greet(51, isInbound: false)
            push.bench.sent = []
            try push.push(51, prefilled: [0])
        }
        #expect(push.isThere)
        let types = push.types(to: 2)
        guard count < 6 else {
            #expect(types == [.headers])
            return
        }
        #expect(types == [.headers] + Array(repeating: .compactBlock, count: count - 1))
    }

    @Test("is asked of those that the node called") func wish() throws {
        var bench = try TestBench()
        bench.greet(1)
        bench.greet(2, isInbound: false)
        #expect(bench.take(.relayMode, to: 1).isEmpty)
        #expect(bench.take(.relayMode, to: 2) == [.relayMode(.push)])
    }

    @Test("is nothing of entries and records where it wants quiet", arguments: [true, false])
    func quiet(isQuiet: Bool) throws {
        var push = try PushBench(peers: [1])
        push.bench.greet(2, tip: push.chain.tip)
        if isQuiet {
            push.bench.receive(.relayMode([.push, .quiet]), from: 1)
            push.bench.receive(.relayMode(.quiet), from: 2)
        }
        push.bench.sent = []
        let entry = push.entries(1)[0]
        #expect(try push.bench.submit(entry) == .success(entry.id))
        push.bench.wait(4_000)
        let key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
        let draft = NodeRecordDraft(
            flags: [.full],
            signedAt: push.bench.now,
            validity: 3_600_000,
            servesFrom: .genesis,
            addresses: [PeerAddress(version4: 0x0a00_0001, port: 1)]
        )
        push.bench.step(.renewed(try draft.signed(by: key, chain: push.bench.network.chain)))
        push.bench.receive(.getPeers(maximum: 1), from: 2)
        let empty = Reconciliation.sketch(of: [], logarithm: 0)
        push.bench.receive(.sketch(empty), from: 2)
        #expect(push.types(to: 1).contains(.inventory) != isQuiet)
        #expect(push.types(to: 1).contains(.sketch) != isQuiet)
        #expect(push.types(to: 1).contains(.record) != isQuiet)
        #expect(push.types(to: 2).contains(.inventory) != isQuiet)
        #expect(push.types(to: 2).contains(.peers) != isQuiet)
        #expect(push.types(to: 2).contains(.buckets) != isQuiet)
        try push.bench.mine()
        #expect(push.types(to: 1).contains(.compactBlock))
        #expect(push.types(to: 2).contains(.headers))
    }

    @Test("is what waited before it wanted quiet no more") func quietLater() throws {
        var push = try PushBench(peers: [1])
        let entry = push.entries(1)[0]
        #expect(try push.bench.submit(entry) == .success(entry.id))
        push.bench.receive(.relayMode(.quiet), from: 1)
        push.bench.wait(1_000)
        #expect(push.bench.take(.inventory, to: 1).isEmpty)
    }

    @Test("are no entries of a block but those it asks for, up to ten deep", arguments: [10, 11])
    func blockEntries(depth: Int) throws {
        var push = try PushBench(peers: [1])
        let block = push.chain.append(push.entries(3))
        try push.push(1, prefilled: [0, 1, 2])
        let empty = push.chain
        push.chain.grow(by: depth)
        push.bench.receive(push.chain.message(above: empty.tip.height), from: 1)
        #expect(push.isThere)
        push.bench.sent = []
        push.bench.receive(.getBlockEntries(block: block.hash, indexes: [0, 2]), from: 1)
        #expect(push.types(to: 1) == [depth == 10 ? .blockEntries : .block])
    }

    @Test("are no entries at places that a block does not have", arguments: [2, 3] as [UInt16])
    func impossible(index: UInt16) throws {
        var push = try PushBench(peers: [1])
        let block = push.chain.append(push.entries(3))
        try push.push(1, prefilled: [0, 1, 2])
        push.bench.receive(.getBlockEntries(block: block.hash, indexes: [0, index]), from: 1)
        #expect((push.bench.ended[1] == .misbehavior(.impossibleRequest)) == (index == 3))
    }
}
