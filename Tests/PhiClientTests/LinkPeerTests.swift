import Foundation
import PhiClient
import PhiCrypto
import PhiMeetings
import PhiTesting
import Testing

/// The vectors of `docs/vectors/peers.json`; the page and the browser tests' own reader of
/// addresses are held against the same file.
@Suite("The peers that a node proposes for a link") struct LinkPeerTests {
    private struct File: Decodable {
        struct Case: Decodable {
            let name: String
            let text: String
            let peer: Peer?
        }
        struct Peer: Decodable, Equatable {
            let address: String
            let identity: String
        }
        let limit: Int
        let peers: [Case]
    }

    private let file: File

    init() throws {
        let place = SharedFolder.packageRoot.appending(path: "docs/vectors/peers.json")
        file = try JSONDecoder().decode(File.self, from: Data(contentsOf: place))
    }

    private func read(_ texts: [String]) -> [File.Peer] {
        LinkPeer.callable(texts).map { peer in
            let digits = peer.address.map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return File.Peer(address: digits.joined(), identity: peer.identity.hex)
        }
    }

    @Test("are those of the vectors, each address in its one encoding") func same() {
        #expect(file.peers.count > 30)
        for sample in file.peers {
            #expect(read([sample.text]).first == sample.peer, "\(sample.name)")
        }
    }

    @Test("are three at most, the first that can be called") func limit() {
        #expect(read(file.peers.map(\.text)) == Array(file.peers.compactMap(\.peer).prefix(3)))
        #expect(file.limit == 3)
    }
}
