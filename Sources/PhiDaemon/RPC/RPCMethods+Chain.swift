import PhiAPI
import PhiChain
import PhiCrypto
import PhiLedger

extension RPCMethods {
    func chainMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method {
        case "chain.tip": return try tip()
        case "chain.header":
            let form = try parameters.choice("form", default: Form.decoded)
            let header = try header(try parameters.block("block"), node.snapshot())
            return HeaderDocument(header, form: form).serialized()
        case "chain.headers": return try headers(parameters).serialized()
        case "chain.block": return try block(parameters).serialized()
        case "chain.acceptReorg":
            guard case .success = await node.acceptReorganization(try parameters.digest("tip"))
            else { throw .internalFailure }
            return HeaderDocument(try tipHeader(node.snapshot())).serialized()
        default: throw .methodNotFound(method)
        }
    }

    private func tip() throws(APIError) -> [UInt8] {
        let chain = node.snapshot()
        let tip = try Self.read { () throws(StoreFailure) in try chain.tip() }
        return try answers.answer(to: .tip, at: tip.hash) { () throws(APIError) in
            TipDocument(try tipHeader(chain)).serialized()
        }
    }

    func tipHeader(_ chain: Chain) throws(APIError) -> Header {
        let header = try Self.read { () throws(StoreFailure) in
            try chain.header(at: chain.tip().height)
        }
        guard let header else { throw .internalFailure }
        return header
    }

    func header(_ reference: BlockReference, _ chain: Chain) throws(APIError) -> Header {
        let header = try Self.read { () throws(StoreFailure) in
            switch reference {
            case .height(let height): try chain.header(at: Height(height))
            case .hash(let hash): try chain.header(of: hash)
            }
        }
        guard let header else {
            throw .notFound("a block with that height or hash on its best chain")
        }
        return header
    }

    /// Headers in a row; the cursor is the next `from`.
    private func headers(
        _ parameters: Parameters
    ) throws(APIError) -> DocumentPage<HeaderDocument> {
        let from = try parameters.integer("from", in: 0...Int64(UInt32.max))
        let limit = try parameters.pageLimit()
        let form = try parameters.choice("form", default: Form.decoded)
        let chain = node.snapshot()
        return try Self.read { () throws(StoreFailure) in
            let tip = Int64(try chain.tip().height.rawValue)
            var documents: [HeaderDocument] = []
            var height = from
            while height <= tip, documents.count < limit {
                guard let header = try chain.header(at: Height(UInt32(height))) else { break }
                documents.append(HeaderDocument(header, form: form))
                height += 1
            }
            return DocumentPage(documents, next: height <= tip ? String(height) : nil)
        }
    }

    private func block(_ parameters: Parameters) throws(APIError) -> BlockDocument {
        let chain = node.snapshot()
        let header = try header(try parameters.block("block"), chain)
        let form = try parameters.choice("form", default: Form.decoded)
        let entries = try Self.read { () throws(StoreFailure) in
            try chain.entries(at: header.height)
        }
        guard form == .decoded else {
            return BlockDocument(header: header, body: BlockBody(entries).encoded)
        }
        var clerk = EntryClerk(chain)
        return try Self.read { () throws(StoreFailure) in
            var documents: [EntryDocument] = []
            for entry in entries {
                documents.append(try clerk.document(entry, id: entry.id, status: nil))
            }
            return BlockDocument(header: header, entries: documents)
        }
    }
}
