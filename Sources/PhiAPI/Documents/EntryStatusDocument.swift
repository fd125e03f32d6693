public import PhiCrypto
public import PhiLedger

/// The steps on which an entry goes from its author into the depth of the ledger.
public enum DeliveryStep: String, CaseIterable, Sendable {
    /// No peer has it.
    case sending
    /// It waits in the mempool of peers.
    case pending
    /// It is in a block.
    case recorded
    /// It is 12 deep or more, and the work of the last blocks is what it should be.
    case settled
    /// It is 60 deep or more.
    case deep
    /// A reorganization took it out; it goes back to pending by itself.
    case returned
    /// It was never taken within its window.
    case expired
    /// The node has never heard of it, or no longer knows.
    case unknown
}

/// Where an entry is recorded: the block, and the index in its body.
public struct BlockPlace: Hashable, Sendable {
    /// The block.
    public let block: Digest
    /// The block's height.
    public let height: Height
    /// The index in the body.
    public let index: UInt16

    /// A place of given parts.
    public init(block: Digest, height: Height, index: UInt16) {
        self.block = block
        self.height = height
        self.index = index
    }
}

/// Where an entry stands on the ladder of delivery.
public struct EntryStatusDocument: Document {
    /// The entry's id.
    public let entry: Digest
    /// The step.
    public let status: DeliveryStep
    /// How many blocks stand on it, its own included; 0 outside the chain.
    public let depth: UInt32
    /// Where it is recorded, from `recorded` on.
    public let place: BlockPlace?

    /// A status of given parts.
    public init(
        entry: Digest,
        status: DeliveryStep,
        depth: UInt32 = 0,
        place: BlockPlace? = nil
    ) {
        self.entry = entry
        self.status = status
        self.depth = depth
        self.place = place
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("entry", .digest, "The entry's id."),
        .always(
            "status",
            .choice(DeliveryStep.allCases.map(\.rawValue)),
            "The step on the ladder of delivery."
        ),
        .always("depth", .count, "How many blocks stand on it, its own included."),
        .sometimes("block", .digest, "The block that holds it."),
        .sometimes("height", .height, "The height of that block."),
        .sometimes("index", .count, "The index in that block's body."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "status")
        entry = try fields.fixed("entry")
        status = try fields.word("status")
        depth = try fields.integer("depth")
        place =
            fields["block"] == nil
            ? nil
            : BlockPlace(
                block: try fields.fixed("block"),
                height: try fields.height("height"),
                index: try fields.integer("index")
            )
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("entry", entry)
        writer.member("status", status.rawValue)
        writer.member("depth", depth)
        guard let place else { return }
        writer.member("block", place.block)
        writer.member("height", place.height)
        writer.member("index", place.index)
    }
}

/// What a node says to an entry that it took.
public struct SubmitDocument: Document {
    /// Where the entry stands now.
    public let status: EntryStatusDocument
    /// Whether the node had not known the entry before.
    public let isNew: Bool

    /// A document of given parts.
    public init(status: EntryStatusDocument, isNew: Bool) {
        self.status = status
        self.isNew = isNew
    }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("entry", .digest, "The entry's id."),
        .always(
            "status",
            .choice(DeliveryStep.allCases.map(\.rawValue)),
            "The step on the ladder of delivery."
        ),
        .always("depth", .count, "How many blocks stand on it, its own included."),
        .sometimes("block", .digest, "The block that holds it."),
        .sometimes("height", .height, "The height of that block."),
        .sometimes("index", .count, "The index in that block's body."),
        .always("isNew", .boolean, "Whether the node had not known the entry before."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        status = try EntryStatusDocument(json: json)
        isNew = try DocumentFields(json, of: "answer").bool("isNew")
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        status.writeMembers(to: &writer)
        writer.member("isNew", isNew)
        writer.endObject()
    }
}
