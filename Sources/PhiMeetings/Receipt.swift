public import PhiCrypto
public import PhiLedger

/// A text that proves one entry with no node and no network: `phi-receipt/v1`.
///
/// A receipt that was read is well-formed and nothing more; `ReceiptVerifier` judges it.
public struct Receipt: Hashable, Sendable {
    /// The first line.
    public static let title = "phi-receipt/v1"
    /// Bytes of a text at most.
    public static let byteLimit = 65_536
    /// Lines before the first empty one at most.
    public static let lineLimit = 4_096

    /// A header elsewhere in the chain, and the path that ties it to the chain.
    public struct LinkedHeader: Hashable, Sendable {
        /// The header.
        public let header: Header
        /// The path: for an anchor to the block's history root, for a tip from the block to its.
        public let path: [Digest]

        /// A header with its path.
        public init(header: Header, path: [Digest]) {
            self.header = header
            self.path = path
        }
    }

    /// The parameters of the network.
    public let parameters: NetworkParameters
    /// The first header, which commits to the parameters.
    public let genesis: Header
    /// The envelope of the entry, 284 bytes.
    public let envelope: [UInt8]
    /// The payload; nil when it is erased or withheld.
    public let payload: [UInt8]?
    /// The header of the block that holds the entry.
    public let header: Header
    /// The place of the entry in the block.
    public let index: UInt64
    /// The path from the entry to the block's root.
    public let proof: [Digest]
    /// The header that the author had seen, if proved.
    public let anchor: LinkedHeader?
    /// Headers that follow the block without a gap.
    public let confirmations: [Header]
    /// A later header, if any.
    public let tip: LinkedHeader?
    /// What stands below the first empty line, such as cosignatures; never judged.
    public let note: String

    /// A receipt of given parts; the envelope is the one of an entry.
    public init(
        parameters: NetworkParameters,
        genesis: Header,
        entry: Entry,
        includesPayload: Bool,
        header: Header,
        index: UInt64,
        proof: [Digest],
        anchor: LinkedHeader? = nil,
        confirmations: [Header] = [],
        tip: LinkedHeader? = nil
    ) {
        self.parameters = parameters
        self.genesis = genesis
        envelope = entry.envelope
        payload = includesPayload ? entry.payload : nil
        self.header = header
        self.index = index
        self.proof = proof
        self.anchor = anchor
        self.confirmations = confirmations
        self.tip = tip
        note = ""
    }

    /// Reads a text.
    public init(_ text: String) throws(ReceiptFailure) {
        try self.init(decoding: Array(text.utf8))
    }

    /// Reads a file.
    ///
    /// Lines with an unknown first word are passed over, and so are proofs of an anchor or tip
    /// that is not there. Each known single line must come exactly once.
    public init(decoding bytes: [UInt8]) throws(ReceiptFailure) {
        let fields = try ReceiptFields(bytes)
        parameters = try Self.parameters(try fields.bytes(.parameters, NetworkParameters.byteCount))
        genesis = try Self.header(fields.single(.genesis), .genesis)
        envelope = try fields.bytes(.entry, Entry.envelopeByteCount)
        payload = fields.has(.payload) ? try fields.bytes(.payload) : nil
        header = try Self.header(fields.single(.header), .header)
        index = try fields.number(.index)
        proof = try fields.digests(.proof)
        anchor =
            fields.has(.anchor)
            ? LinkedHeader(
                header: try Self.header(fields.single(.anchor), .anchor),
                path: try fields.digests(.anchorProof)
            ) : nil
        var confirmations: [Header] = []
        for line in fields.all(.confirm) {
            confirmations.append(try Self.header(line, .confirm))
        }
        self.confirmations = confirmations
        tip =
            fields.has(.tip)
            ? LinkedHeader(
                header: try Self.header(fields.single(.tip), .tip),
                path: try fields.digests(.tipProof)
            ) : nil
        note = fields.note
    }

    private static func parameters(
        _ bytes: [UInt8]
    ) throws(ReceiptFailure) -> NetworkParameters {
        do { return try NetworkParameters(decoding: bytes) } catch { throw .parameters(error) }
    }

    private static func header(
        _ text: ArraySlice<UInt8>,
        _ line: ReceiptLine
    ) throws(ReceiptFailure) -> Header {
        let bytes = try ReceiptFields.bytes(of: text, line, Header.byteCount)
        do { return try Header(decoding: bytes) } catch { throw .header(line, error) }
    }
}

extension Receipt {
    /// The text, which ends in an empty line and the note.
    public var text: String {
        var lines = [Self.title]
        func add(_ line: ReceiptLine, _ bytes: [UInt8]) {
            lines.append(line.rawValue + " " + Base64Text.padded.encode(bytes))
        }
        add(.parameters, parameters.encoded)
        add(.genesis, genesis.encoded)
        add(.entry, envelope)
        if let payload { add(.payload, payload) }
        add(.header, header.encoded)
        lines.append(ReceiptLine.index.rawValue + " \(index)")
        for hash in proof { add(.proof, hash.bytes) }
        if let anchor {
            add(.anchor, anchor.header.encoded)
            for hash in anchor.path { add(.anchorProof, hash.bytes) }
        }
        for header in confirmations { add(.confirm, header.encoded) }
        if let tip {
            add(.tip, tip.header.encoded)
            for hash in tip.path { add(.tipProof, hash.bytes) }
        }
        return lines.joined(separator: "\n") + "\n\n" + note
    }
}
