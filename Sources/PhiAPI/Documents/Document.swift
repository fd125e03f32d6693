/// A JSON document that a node gives and a client reads, one type for both.
///
/// Where a document carries the protocol's bytes, only those are kept: everything that follows from
/// them is written for readers and computed anew when the document is read.
public protocol Document: Equatable, Sendable {
    /// What the document looks like, for the description of the methods.
    static var shape: ValueShape { get }

    /// Reads the document out of a tree; members that it does not know are passed over.
    init(json: JSON) throws(DocumentFailure)

    /// Writes the document as one value.
    func write(to writer: inout JSONWriter)

    /// About how many bytes the text has, so that no room is given back and taken anew.
    var textByteCount: Int { get }
}

extension Document {
    /// Bytes of the longest answer that a client reads.
    public static var byteLimit: Int { 64 << 20 }

    /// Reads the document out of a text.
    public init(parsing bytes: [UInt8]) throws(DocumentFailure) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes, limits: JSONLimits(byteCount: Self.byteLimit))
        } catch { throw .notJSON(error) }
        try self.init(json: json)
    }

    /// About how many bytes the text has.
    public var textByteCount: Int { 1_024 }

    /// The document as text, on one line or with lines broken and indented.
    public func serialized(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty, capacity: textByteCount)
        write(to: &writer)
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes a document as one value.
    public mutating func document(_ document: some Document) { document.write(to: &self) }

    mutating func member(_ name: String, _ value: some Document) {
        self.name(name)
        value.write(to: &self)
    }

    mutating func member(_ name: String, ifAny value: (some Document)?) {
        guard let value else { return }
        member(name, value)
    }

    mutating func member(_ name: String, _ values: [some Document]) {
        self.name(name)
        beginArray()
        for value in values { value.write(to: &self) }
        endArray()
    }
}
