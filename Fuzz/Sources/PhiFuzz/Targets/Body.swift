import PhiCrypto
import PhiLedger
import PhiTesting

extension FuzzTarget {
    /// The body of a block, for a header with other figures and for one that commits to it.
    static let body = FuzzTarget(
        "body",
        "bodies of blocks: entries in order, the root over them, nothing between or after",
        byteLimit: 8_192,
        memory: MemoryBound(base: 65_536, perByte: 32),
        seeds: {
            Samples.chain.blocks.map { [UInt8($0.body.entries.count), 1] + $0.body.encoded }
                + [[8, 1] + BlockBody(Samples.entries).encoded]
        },
        run: { input in
            var supply = Supply(input)
            var header = Samples.network.genesis
            header.entryCount = UInt32(supply.byte())
            let repairs = supply.byte()
            let bytes = supply.rest()
            header.bodyBytes = UInt32(bytes.count)
            if repairs & 2 == 2 { header.bodyBytes &+= UInt32(repairs >> 2) }
            if repairs & 1 == 1, let root = root(of: bytes, count: Int(header.entryCount)) {
                header.entriesRoot = root
            }
            do throws(BodyFailure) {
                let body = try BlockBody(
                    decoding: bytes,
                    for: header,
                    parameters: Samples.parameters
                )
                claimEqual(body.encoded, bytes, "a body written again")
                claimEqual(body.byteCount, bytes.count, "the size of a body")
                claimEqual(body.root, header.entriesRoot, "the root of a body")
                claimEqual(body.entries.count, Int(header.entryCount), "the entries of a body")
            } catch {
                if error.condemnsHeader, case .forbiddenEntry(let index, _) = error {
                    claim(index < Int(header.entryCount)) { "a forbidden entry is one of the body" }
                }
            }
        }
    )

    /// The root over envelopes that are cut as their lengths say, or nil where they do not fit.
    private static func root(of bytes: [UInt8], count: Int) -> Digest? {
        var leaves: [Digest] = []
        var rest = bytes[...]
        for _ in 0..<count {
            guard rest.count >= Entry.envelopeByteCount else { return nil }
            let start = rest.startIndex
            let length = (0..<4).reduce(0) { $0 | Int(rest[start + 4 + $1]) << (8 * $1) }
            leaves.append(MerkleTree.leaf(Array(rest.prefix(Entry.envelopeByteCount))))
            rest = rest.dropFirst(Entry.envelopeByteCount)
            guard rest.count >= length else { return nil }
            rest = rest.dropFirst(length)
        }
        return MerkleTree.root(ofLeaves: leaves)
    }
}
