import PhiCrypto
import PhiLedger

/// An envelope without its payload, of whatever kind.
///
/// A receipt outlives the software that made it: the proof does not depend on what the kind means.
struct ReceiptEnvelope {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        precondition(bytes.count == Entry.envelopeByteCount, "an envelope has its one length")
        self.bytes = bytes
    }

    var version: UInt16 { UInt16(truncatingIfNeeded: integer(at: 0, 2)) }
    var kind: UInt16 { UInt16(truncatingIfNeeded: integer(at: 2, 2)) }
    var payloadByteCount: UInt32 { UInt32(truncatingIfNeeded: integer(at: 4, 4)) }
    var chain: Digest { Digest(reading: bytes, at: 8) }
    var meeting: Digest { Digest(reading: bytes, at: 40) }
    var author: VerifyingKey { VerifyingKey(reading: bytes, at: 72) }
    var sequence: UInt64 { integer(at: 104, 8) }
    var previous: Digest { Digest(reading: bytes, at: 112) }
    var anchorHeight: Height { Height(UInt32(truncatingIfNeeded: integer(at: 144, 4))) }
    var anchorTail: AnchorTail { AnchorTail(reading: bytes, at: 148) }
    var payloadHash: Digest { Digest(reading: bytes, at: 172) }
    var signature: Signature { Signature(reading: bytes, at: 204) }
    var stampWork: UInt64 { integer(at: 268, 8) }
    var stampNonce: UInt64 { integer(at: 276, 8) }

    var id: Digest {
        SHA256.hash(bytes, in: 0..<Entry.identifiedByteCount, prefixedBy: Domain.entryID)
    }

    var leaf: Digest { MerkleTree.leaf(bytes) }

    func isHash(of payload: [UInt8]) -> Bool {
        SHA256.hash(payload, in: payload.indices, prefixedBy: Domain.payload) == payloadHash
    }

    private func integer(at offset: Int, _ count: Int) -> UInt64 {
        bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
