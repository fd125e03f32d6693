import Foundation
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The published chain") struct ChainVectorTests {
    struct Vector: Decodable {
        let parameters: String
        let genesis: String
        let headers: [String]
        let hashes: [String]
        let historyRoots: [String]
        let entry: String
        let entryID: String
        let entryLeaf: String
        let payload: String

        enum CodingKeys: String, CodingKey {
            case parameters
            case genesis
            case headers
            case hashes
            case historyRoots = "history_roots"
            case entry
            case entryID = "entry_id"
            case entryLeaf = "entry_leaf"
            case payload
        }
    }

    @Test("is judged valid header by header, with the published hashes and history roots")
    func headers() throws {
        for path in ["vectors/phi/chain.json", "vectors/phi/dev/chain.json"] {
            guard let (vector, network) = try read(path) else { return }
            let rules = HeaderRules(network)
            var parent = ValidHeader(genesisOf: network)
            var history = MerkleFrontier()
            #expect(vector.headers.count == vector.hashes.count)
            #expect(parent.hash.hex == vector.hashes[0])
            history.append(leaf: parent.header.historyLeaf)
            for (index, text) in vector.headers.enumerated().dropFirst() {
                let header = try Header(decoding: bytes(text))
                #expect(history.root.hex == vector.historyRoots[index])
                parent = try rules.judge(header, after: parent, historyRoot: history.root)
                #expect(parent.hash.hex == vector.hashes[index])
                history.append(leaf: header.historyLeaf)
            }
            #expect(parent.header.height.rawValue == UInt32(vector.headers.count - 1))
            #expect(history.root.hex == vector.historyRoots[vector.headers.count])
        }
    }

    @Test("holds an entry that is valid by itself, with the published id and leaf")
    func entry() throws {
        for path in ["vectors/phi/chain.json", "vectors/phi/dev/chain.json"] {
            guard let (vector, network) = try read(path) else { return }
            let entry = try Entry(
                decoding: bytes(vector.entry) + bytes(vector.payload),
                payloadLimit: network.parameters.maximumPayloadBytes
            )
            let valid = try ValidEntry(judging: entry, on: network)
            #expect(valid.id.hex == vector.entryID)
            #expect(valid.leaf.hex == vector.entryLeaf)
        }
    }

    private func read(_ path: String) throws -> (Vector, Network)? {
        guard let data = SharedFolder.data(path) else { return nil }
        let vector = try JSONDecoder().decode(Vector.self, from: data)
        let network = try Network(
            name: "published",
            prefix: "phi",
            parameters: NetworkParameters(decoding: bytes(vector.parameters)),
            genesis: Header(decoding: bytes(vector.genesis))
        )
        return (vector, network)
    }

    private func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex.utf8)
        try #require(digits.count.isMultiple(of: 2))
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            let pair = String(decoding: digits[index..<(index + 2)], as: UTF8.self)
            return try #require(UInt8(pair, radix: 16))
        }
    }
}
