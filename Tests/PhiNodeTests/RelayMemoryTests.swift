import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@testable import PhiNode

@Suite("What is remembered for passing on blocks") struct RelayMemoryTests {
    private let hashes = (0..<6).map { SHA256.hash([UInt8($0)]) }

    @Test("are the last four bodies, each once") func bodies() {
        var relayed = RelayedBlocks(limit: 4)
        for hash in hashes.prefix(4) { relayed.keep(BlockBody([]), of: hash) }
        relayed.keep(BlockBody([]), of: hashes[0])
        #expect(relayed.hashes == [hashes[1], hashes[2], hashes[3], hashes[0]])
        relayed.keep(BlockBody([]), of: hashes[4])
        #expect(relayed.hashes == [hashes[2], hashes[3], hashes[0], hashes[4]])
        #expect(relayed.body(of: hashes[1]) == nil)
        relayed.forget(hashes[3])
        #expect(relayed.hashes == [hashes[2], hashes[0], hashes[4]])
    }

    @Test("are a peer's last four pushes, so that each is tried once") func pushes() {
        var relay = PeerRelay()
        for hash in hashes.prefix(4) {
            let isFirst = relay.pushes(hash)
            #expect(isFirst)
        }
        for hash in hashes.prefix(4) {
            let isAgain = !relay.pushes(hash)
            #expect(isAgain)
        }
        let isNew = relay.pushes(hashes[4])
        let isForgotten = relay.pushes(hashes[0])
        #expect(isNew && isForgotten)
    }

    @Test("is that blocks are pushed to those that were called, until they say otherwise")
    func modes() {
        var relay = PeerRelay()
        #expect(relay.wantsPush(isInbound: false))
        #expect(!relay.wantsPush(isInbound: true))
        relay.mode = []
        #expect(!relay.wantsPush(isInbound: false))
        relay.mode = [.push, .quiet]
        #expect(relay.wantsPush(isInbound: true))
        #expect(relay.isQuiet)
    }
}
