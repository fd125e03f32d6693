import Foundation
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("Published Merkle vectors") struct MerkleVectorTests {
    @Test("give the verdicts of the inclusion probes")
    func inclusion() throws {
        guard let data = SharedFolder.data("vectors/rfc6962/probes.json") else { return }
        let probes = try JSONDecoder().decode(Probes.self, from: data).inclusion
        #expect(probes.count == 98)
        for probe in probes {
            #expect(Self.accepts(probe) != probe.wantErr, "\(probe.name)")
        }
    }

    @Test("give the verdicts of the consistency probes")
    func consistency() throws {
        guard let data = SharedFolder.data("vectors/rfc6962/probes.json") else { return }
        let probes = try JSONDecoder().decode(Probes.self, from: data).consistency
        #expect(probes.count == 98)
        for probe in probes {
            #expect(Self.accepts(probe) != probe.wantErr, "\(probe.name)")
        }
    }

    @Test("give the history roots of the sample chains", arguments: ["", "dev/"])
    func history(folder: String) throws {
        guard let data = SharedFolder.data("vectors/phi/\(folder)chain.json") else { return }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let chain = try decoder.decode(Chain.self, from: data)
        #expect(chain.headers.count == 21)
        #expect(chain.historyRoots.count == 22)
        var frontier = MerkleFrontier()
        var leaves: [Digest] = []
        for (header, root) in zip(chain.headers, chain.historyRoots) {
            let bytes = try #require(Self.bytes(header))
            #expect(frontier.root.hex == root)
            #expect(MerkleTree.root(ofLeaves: leaves).hex == root)
            #expect(Digest(reading: bytes, at: 80) == frontier.root)
            leaves.append(MerkleTree.leaf(bytes))
            frontier.append(leaf: MerkleTree.leaf(bytes))
        }
        #expect(frontier.root.hex == chain.historyRoots.last)
        #expect(MerkleTree.leaf(try #require(Self.bytes(chain.entry))).hex == chain.entryLeaf)
    }

    private static func accepts(_ probe: Probes.Inclusion) -> Bool {
        guard let leaf = digest(probe.leafHash), let path = path(probe.proof) else { return false }
        let root = try? MerkleProof.root(
            index: probe.leafIdx,
            size: probe.treeSize,
            leaf: leaf,
            path: path
        )
        return root != nil && root == digest(probe.root)
    }

    private static func accepts(_ probe: Probes.Consistency) -> Bool {
        guard let path = path(probe.proof) else { return false }
        do {
            // Some probes write words for roots that are only compared with each other.
            try MerkleProof.verifyConsistency(
                first: probe.size1,
                second: probe.size2,
                firstRoot: digest(probe.root1) ?? SHA256.hash(Array(probe.root1.utf8)),
                secondRoot: digest(probe.root2) ?? SHA256.hash(Array(probe.root2.utf8)),
                path: path
            )
            return true
        } catch {
            return false
        }
    }

    /// A hash in base 64, or nil for anything else, which the types keep from being asked about.
    private static func digest(_ text: String) -> Digest? {
        Digest(Array(Data(base64Encoded: text) ?? Data()))
    }

    private static func path(_ texts: [String]?) -> [Digest]? {
        let path = (texts ?? []).map(digest)
        let whole = path.compactMap(\.self)
        return whole.count == path.count ? whole : nil
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
        guard digits.count == hex.count else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

private struct Probes: Decodable {
    struct Inclusion: Decodable {
        let name: String
        let leafIdx: UInt64
        let treeSize: UInt64
        let root: String
        let leafHash: String
        let proof: [String]?
        let wantErr: Bool
    }

    struct Consistency: Decodable {
        let name: String
        let size1: UInt64
        let size2: UInt64
        let root1: String
        let root2: String
        let proof: [String]?
        let wantErr: Bool
    }

    let inclusion: [Inclusion]
    let consistency: [Consistency]
}

private struct Chain: Decodable {
    let headers: [String]
    let historyRoots: [String]
    let entry: String
    let entryLeaf: String
}
