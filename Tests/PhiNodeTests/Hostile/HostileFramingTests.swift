import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

/// Behaviors 1 to 9: bytes, silence and floods.
///
/// What they do to sockets is tested over sockets.
@Suite("A node whose peers talk nonsense") struct HostileFramingTests {
    @Test("01 parts from a peer with garbage before its hello")
    func garbageBeforeHello() throws {
        var victim = try Victim()
        victim.bench.connect(1)
        victim.bench.step(.malformed(1, .unknownType(0xee)))
        victim.bench.connect(2)
        victim.bench.step(.malformed(2, .bodyOverLimit(type: .hello, limit: 1, found: 2)))
        #expect(victim.bench.ended[1] == .otherNetwork)
        #expect(victim.misdeed(of: 2) == .malformedMessage)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("02 parts from a peer with another chain's id, without blame")
    func otherChain() throws {
        var victim = try Victim()
        victim.bench.connect(1)
        let parameters = victim.bench.network.parameters
        let hello = victim.bench.hello(chain: .zero, parameters: parameters)
        victim.bench.receive(.hello(hello), from: 1)
        #expect(victim.bench.ended[1] == .otherNetwork)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("03 discourages a peer whose length field is over the limit")
    func oversize() throws {
        var victim = try Victim()
        victim.meet(1)
        let failure = WireFailure.bodyOverLimit(type: .block, limit: 1_000_032, found: 1_000_033)
        victim.bench.step(.malformed(1, failure))
        #expect(victim.misdeed(of: 1) == .malformedMessage)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("04 gives up on a peer that falls silent within a message")
    func truncatedThenSilence() throws {
        var victim = try Victim()
        victim.meet(1, tip: victim.honest.chain.tip)
        #expect(victim.bench.take(.getHeaders, to: 1).count == 1)
        victim.meetHonestPeer()
        #expect(victim.recovers() != nil)
        victim.wait(31_000)
        guard case .timeout = victim.bench.ended[1] else {
            Issue.record("the silent peer still has its place")
            return
        }
    }

    @Test("05 gives up on a peer that sends one byte in ten seconds")
    func slowBytes() throws {
        var victim = try Victim()
        victim.bench.connect(1)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
        victim.wait(10_000)
        #expect(victim.bench.ended[1] == .timeout("hello"))
    }

    @Test("06 forgets what it asked of a peer whose send queue was full")
    func neverReads() throws {
        var victim = try Victim()
        victim.meet(1, tip: victim.honest.chain.tip)
        victim.bench.receive(victim.honest.chain.message(), from: 1)
        #expect(!victim.bench.take(.getBlocks, to: 1).isEmpty)
        victim.bench.step(.disconnected(1))
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }

    @Test("07 discourages a peer that says hello twice")
    func helloTwice() throws {
        var victim = try Victim()
        victim.meet(1)
        victim.bench.receive(.hello(victim.bench.hello()), from: 1)
        #expect(victim.misdeed(of: 1) == .outOfTurn)
        victim.meetHonestPeer()
        #expect(victim.recovers() == 0)
    }
}
