import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

/// Asks for as much as can be asked for and reads nothing of it.
struct NeverReads: Behavior {
    static let number = 6
    static let name = "never-reads"
    static let summary = "asks for headers, blocks and records without end, and reads nothing"

    var reads: Bool { false }

    func speak(to victim: Victim) async throws {
        let branch = try await victim.chain()
        let blocks = branch.headers.filter { $0.header.entryCount > 0 }.suffix(16).map(\.hash)
        // The sketch of an empty pool draws a listing of the whole pool.
        let sketch = [UInt8](repeating: 0, count: 9)
        while true {
            try await victim.send(.getHeaders([victim.network.chain]))
            if !blocks.isEmpty { try await victim.send(.getBlocks(Array(blocks))) }
            try await victim.send(.getPeers(maximum: Limits.peers))
            try await victim.send(type: MessageType.sketch.rawValue, body: sketch)
        }
    }
}
