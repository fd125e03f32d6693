public import PhiAPI
public import PhiCrypto
public import PhiLedger

extension NodeClient {
    /// Hands a stamped entry to the node, which answers once it is safely in its mempool.
    public func submit(_ entry: Entry) async throws(ClientFailure) -> SubmitDocument {
        try await document("entry.submit", [("entry", .string(Base64.encode(entry.bytes)))])
    }

    /// One entry, from a block or from the mempool.
    public func entry(_ id: Digest) async throws(ClientFailure) -> EntryDocument {
        let found: EntryDocument = try await document("entry.get", [("entry", .string(id.hex))])
        guard found.id == id else {
            throw .otherDocument(method: "entry.get", .mismatch(field: "entry"))
        }
        return found
    }

    /// Where an entry stands on the ladder of delivery.
    public func status(of id: Digest) async throws(ClientFailure) -> EntryStatusDocument {
        let found: EntryStatusDocument = try await document(
            "entry.status",
            [("entry", .string(id.hex))]
        )
        guard found.entry == id else {
            throw .otherDocument(method: "entry.status", .mismatch(field: "entry"))
        }
        return found
    }

    /// The receipt of an entry.
    ///
    /// - Parameters:
    ///   - id: The entry.
    ///   - tip: A later block that the receipt leads to; nil leaves it out.
    ///   - confirmations: How many following headers the receipt shows; nil is the node's choice.
    ///   - includesPayload: Whether the content is in the receipt.
    /// - Returns: The text.
    /// - Throws: Why there is none.
    public func receipt(
        of id: Digest,
        tip: BlockReference? = nil,
        confirmations: Int? = nil,
        includesPayload: Bool = true
    ) async throws(ClientFailure) -> ReceiptDocument {
        var parameters: [(String, JSON)] = [
            ("entry", .string(id.hex)), ("includePayload", .bool(includesPayload)),
        ]
        if let tip { parameters.append(("tip", tip.json)) }
        if let confirmations {
            parameters.append(("confirmations", .integer(Int64(confirmations))))
        }
        return try await document("entry.receipt", parameters)
    }

    /// How much work an entry needs now.
    public func stampQuote(
        kind: EntryKind,
        sequence: UInt64,
        payloadByteCount: Int
    ) async throws(ClientFailure) -> StampQuote {
        try await document(
            "stamp.quote",
            [
                ("payloadBytes", .integer(Int64(payloadByteCount))),
                ("kind", .string(kind.name)),
                ("seq", .integer(Int64(clamping: min(sequence, 1 << 53)))),
            ]
        )
    }

    /// What an author's next entry must name, with the entries that wait counted in.
    ///
    /// - Parameters:
    ///   - author: The author's key.
    ///   - meeting: The meeting; nil is the author's own feed.
    /// - Returns: The head.
    /// - Throws: Why there is none.
    public func head(
        of author: VerifyingKey,
        in meeting: Digest?
    ) async throws(ClientFailure) -> AuthorHeadDocument {
        var parameters: [(String, JSON)] = [("author", .string(author.hex))]
        if let meeting { parameters.append(("meeting", .string(meeting.hex))) }
        return try await document("author.head", parameters)
    }
}
