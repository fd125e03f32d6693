import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB

/// Writes up entries of one view of the chain, and looks up for each meeting but once.
struct EntryClerk {
    private let chain: RPCMethods.Chain
    private var prover: EntryProver<LevelDBSnapshot>
    private var policies: [Digest: Bool] = [:]
    private var tip: Height?
    private var isSteady: Bool?
    private var blocks: [Height: Digest] = [:]

    init(_ chain: RPCMethods.Chain) {
        self.chain = chain
        prover = EntryProver(chain)
    }

    /// The document of any entry.
    mutating func document(
        _ entry: Entry,
        id: Digest,
        form: Form = .decoded,
        status: EntryStatusDocument?,
        proof: EntryProofDocument? = nil
    ) throws(StoreFailure) -> EntryDocument {
        EntryDocument(
            entry,
            id: id,
            isPublic: entry.kind == .message ? try isPublic(entry.meeting) : false,
            form: form,
            status: status,
            proof: proof
        )
    }

    /// The document of a recorded entry, with where it stands.
    mutating func document(
        _ recorded: RecordedEntry,
        form: Form = .decoded,
        withProof: Bool
    ) throws(StoreFailure) -> EntryDocument {
        var document: EntryProofDocument?
        if withProof {
            let proof = try prover.proof(at: recorded.position)
            document = EntryProofDocument(
                header: proof.header,
                index: proof.index,
                path: proof.path
            )
        }
        return try self.document(
            recorded.entry,
            id: recorded.id,
            form: form,
            status: try status(of: recorded.id, at: recorded.position),
            proof: document
        )
    }

    /// Where a recorded entry stands on the ladder.
    mutating func status(
        of id: Digest,
        at position: Position
    ) throws(StoreFailure) -> EntryStatusDocument {
        let tip = try heldTip()
        let depth = tip.distance(above: position.height) + 1
        let step: DeliveryStep
        if depth >= Depth.deep {
            step = .deep
        } else if depth >= Depth.settled, try steadiness() {
            step = .settled
        } else {
            step = .recorded
        }
        return EntryStatusDocument(
            entry: id,
            status: step,
            depth: depth,
            place: BlockPlace(
                block: try hash(at: position.height),
                height: position.height,
                index: position.index
            )
        )
    }

    private mutating func heldTip() throws(StoreFailure) -> Height {
        if let tip { return tip }
        let found = try chain.tip().height
        tip = found
        return found
    }

    private mutating func steadiness() throws(StoreFailure) -> Bool {
        if let isSteady { return isSteady }
        let found = try chain.isWorkSteady()
        isSteady = found
        return found
    }

    private mutating func hash(at height: Height) throws(StoreFailure) -> Digest {
        if let held = blocks[height] { return held }
        guard let header = try chain.header(at: height) else {
            throw .malformedRecord(kind: "header")
        }
        let hash = header.hash
        blocks[height] = hash
        return hash
    }

    private mutating func isPublic(_ meeting: Digest) throws(StoreFailure) -> Bool {
        if let held = policies[meeting] { return held }
        let found = try chain.meeting(meeting)?.reading == .everyone
        policies[meeting] = found
        return found
    }
}
