import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiNode

extension RPCMethods {
    /// Confirmations that a receipt shows unless the caller says otherwise.
    private static let confirmations: Int64 = 3

    func entryMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method {
        case "entry.get": return try await entry(parameters).serialized()
        case "entry.status":
            return try await status(of: try parameters.digest("entry")).serialized()
        case "entry.receipt": return try receipt(parameters).serialized()
        case "entry.submit": return try await submit(parameters).serialized()
        default: throw .methodNotFound(method)
        }
    }

    private func entry(_ parameters: Parameters) async throws(APIError) -> EntryDocument {
        let id = try parameters.digest("entry")
        let form = try parameters.choice("form", default: Form.decoded)
        let withProof = try parameters.bool("proof", default: false)
        let pooled = await node.pool(.entry(id)).first
        let isSeen = await hasPeers()
        let chain = node.snapshot()
        var clerk = EntryClerk(chain)
        let found = try Self.read { () throws(StoreFailure) -> EntryDocument? in
            if let recorded = try chain.recorded(id) {
                return try clerk.document(recorded, form: form, withProof: withProof)
            }
            guard let pooled else { return nil }
            return try clerk.document(
                pooled.valid.entry,
                id: id,
                form: form,
                status: status(of: pooled, isSeen: isSeen)
            )
        }
        guard let found else { throw .notFound("the entry") }
        return found
    }

    /// Where an entry stands, in the pool, in the chain, or as it was last heard of.
    func status(of id: Digest) async throws(APIError) -> EntryStatusDocument {
        let pooled = await node.pool(.entry(id)).first
        let isSeen = await hasPeers()
        let chain = node.snapshot()
        var clerk = EntryClerk(chain)
        let position = try Self.read { () throws(StoreFailure) in try chain.position(of: id) }
        if let position {
            return try Self.read { () throws(StoreFailure) in
                try clerk.status(of: id, at: position)
            }
        }
        if let pooled { return status(of: pooled, isSeen: isSeen) }
        return EntryStatusDocument(entry: id, status: events.fate(of: id) ?? .unknown)
    }

    /// Where an entry of the pool stands; without any peer nobody else can have it.
    func status(of pooled: PooledEntry, isSeen: Bool) -> EntryStatusDocument {
        let isReturned = events.fate(of: pooled.valid.id) == .returned
        return EntryStatusDocument(
            entry: pooled.valid.id,
            status: isReturned ? .returned : isSeen ? .pending : .sending
        )
    }

    func hasPeers() async -> Bool { await !node.status().peers.isEmpty }

    private func receipt(_ parameters: Parameters) throws(APIError) -> ReceiptDocument {
        let id = try parameters.digest("entry")
        let confirmations = try parameters.integer(
            "confirmations",
            in: 0...100,
            default: Self.confirmations
        )
        let includesPayload = try parameters.bool("includePayload", default: true)
        let chain = node.snapshot()
        let tip =
            parameters.has("tip") ? try header(try parameters.block("tip"), chain).height : nil
        let source = try Self.read { () throws(StoreFailure) in
            try chain.receipt(for: id, confirmations: Int(confirmations), tip: tip)
        }
        guard let source else {
            throw .notFound(
                "the entry in a block",
                remedy: "A receipt needs one; entry.status says whether the entry still waits."
            )
        }
        if let tip, tip <= source.proof.header.height {
            throw .invalidParameter("tip", "The field “tip” must be a block after the entry's.")
        }
        let receipt = Receipt(
            parameters: source.parameters,
            genesis: source.genesis,
            entry: source.entry,
            includesPayload: includesPayload,
            header: source.proof.header,
            index: UInt64(source.proof.index),
            proof: source.proof.path,
            anchor: source.anchor.map(Self.linked),
            confirmations: source.confirmations,
            tip: source.tip.map(Self.linked)
        )
        return ReceiptDocument(entry: id, receipt: receipt.text)
    }

    private static func linked(_ tied: TiedHeader) -> Receipt.LinkedHeader {
        Receipt.LinkedHeader(header: tied.header, path: tied.path)
    }

    private func submit(_ parameters: Parameters) async throws(APIError) -> SubmitDocument {
        let bytes = try parameters.base64("entry", byteLimit: Methods.entryByteLimit)
        let entry: Entry
        do {
            entry = try Entry(
                decoding: bytes,
                payloadLimit: node.network.parameters.maximumPayloadBytes
            )
        } catch { throw .malformed(error) }
        let id = entry.id
        switch await node.submit(entry) {
        case .success:
            return SubmitDocument(status: try await status(of: id), isNew: true)
        case .failure(.recorded), .failure(.pooled(id)):
            return SubmitDocument(status: try await status(of: id), isNew: false)
        case .failure(let refusal):
            if APIError.mayMeanSyncing(refusal), await node.status().sync == .syncing {
                throw .syncing(APIError.refused(refusal).data)
            }
            throw .refused(refusal)
        }
    }
}
