import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

extension FuzzTarget {
    /// An entry as peers send it, as it is and with its hashes, stamp and signature mended.
    static let envelope = FuzzTarget(
        "envelope",
        "entries: shape, fields, id, judging; an entry is the bytes that it was read from",
        memory: MemoryBound(base: 65_536, perByte: 16),
        seeds: { Samples.entries.flatMap { entry in (0..<4).map { [UInt8($0)] + entry.bytes } } },
        run: { input in
            var supply = Supply(input)
            let repairs = supply.byte()
            guard let entry = read(supply.rest()) else { return }
            let draft = draft(of: entry)
            if entry.computedPayloadHash == entry.payloadHash {
                let same = draft.assembled(
                    signature: entry.signature,
                    work: entry.stampWork,
                    nonce: entry.stampNonce
                )
                claimEqual(same.bytes, entry.bytes, "an entry written from its fields")
                claimEqual(draft.id, entry.id, "the id of the draft")
            }
            claim(entry.restamped(work: 1, nonce: 2).id == entry.id) { "the id covers no stamp" }
            _ = try? ValidEntry(judging: entry, on: Samples.network)
            if repairs & 1 == 1 { judgeMended(draft, byOwnKey: repairs & 2 == 2) }
        }
    )

    private static func read(_ bytes: [UInt8]) -> Entry? {
        let limit = Samples.parameters.maximumPayloadBytes
        guard let entry = try? Entry(decoding: bytes, payloadLimit: limit) else { return nil }
        claimEqual(entry.bytes, bytes, "the bytes of an entry")
        claimEqual(entry.envelope + entry.payload, bytes, "envelope and payload")
        var reader = ByteReader(bytes + [1])
        let again = try? Entry(from: &reader, payloadLimit: limit)
        claim(again == entry && reader.remaining == 1) { "a reader takes the same entry" }
        return entry
    }

    private static func draft(of entry: Entry) -> EntryDraft {
        EntryDraft(
            kind: entry.kind,
            chain: entry.chain,
            meeting: entry.meeting,
            author: entry.author,
            sequence: entry.sequence,
            previous: entry.previous,
            anchorHeight: entry.anchorHeight,
            anchorTail: entry.anchorTail,
            authorTime: entry.authorTime,
            payload: entry.payload
        )
    }

    /// Gets past the checks that no mutation passes by chance.
    private static func judgeMended(_ found: EntryDraft, byOwnKey: Bool) {
        var draft = found
        draft.chain = Samples.network.chain
        if byOwnKey { draft.author = Samples.signer.verifyingKey }
        let work = Stamp.minimumWork(
            kind: draft.kind,
            sequence: draft.sequence,
            payloadByteCount: UInt32(draft.payload.count),
            parameters: Samples.parameters
        )
        guard let nonce = Stamp.search(id: draft.id, work: work, in: 0..<(1 << 16)) else { return }
        let signature = Samples.signer.sign(draft.signedMessage)
        let entry = draft.assembled(signature: signature, work: work, nonce: nonce)
        do throws(EntryViolation) {
            let valid = try ValidEntry(judging: entry, on: Samples.network)
            claimEqual(valid.id, draft.id, "the id of a judged entry")
            claim(byOwnKey || draft.author == Samples.signer.verifyingKey) {
                "an entry is signed by its author"
            }
        } catch {
            switch error {
            case .payload, .openInsideMeeting: break
            case .signature: claim(!byOwnKey) { "a right signature is taken" }
            default: claim(false) { "a mended entry was refused: \(error)" }
            }
        }
    }
}
