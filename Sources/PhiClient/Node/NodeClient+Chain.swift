public import PhiAPI
public import PhiCrypto
public import PhiLedger

extension NodeClient {
    /// What the node says about itself.
    public func info() async throws(ClientFailure) -> NodeInfo {
        try await document("node.info")
    }

    /// Whether the node is alive and has caught up.
    public func health() async throws(ClientFailure) -> NodeHealth {
        try await document("node.health")
    }

    /// Where the node's best chain ends.
    public func tip() async throws(ClientFailure) -> TipDocument {
        try await document("chain.tip")
    }

    /// The header of one block.
    public func header(_ block: BlockReference) async throws(ClientFailure) -> Header {
        let found: HeaderDocument = try await document("chain.header", [("block", block.json)])
        try check(found, is: block, method: "chain.header")
        return found.header
    }

    /// A block with its entries, field by field.
    public func block(_ block: BlockReference) async throws(ClientFailure) -> BlockDocument {
        let found: BlockDocument = try await document("chain.block", [("block", block.json)])
        try check(found.header, is: block, method: "chain.block")
        return found
    }

    /// Lets the node follow a reorganization that it held back because it is too deep.
    public func acceptReorganization(
        to tip: Digest
    ) async throws(ClientFailure) -> TipDocument {
        try await document("chain.acceptReorg", [("tip", .string(tip.hex))])
    }

    private func check(
        _ found: HeaderDocument,
        is block: BlockReference,
        method: String
    ) throws(ClientFailure) {
        let isAsked =
            switch block {
            case .height(let height): found.header.height.rawValue == height
            case .hash(let hash): found.block == hash
            }
        guard isAsked else {
            throw .otherDocument(method: method, .mismatch(field: "block"))
        }
    }
}

extension BlockReference {
    /// The reference as parameters carry it.
    var json: JSON {
        switch self {
        case .height(let height): .integer(Int64(height))
        case .hash(let hash): .string(hash.hex)
        }
    }
}
