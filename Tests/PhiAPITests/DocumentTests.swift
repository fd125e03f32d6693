import PhiAPI
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A document") struct DocumentTests {
    private func read<Value: Document>(like document: Value, _ bytes: [UInt8]) throws -> Bool {
        try Value(parsing: bytes) == document
    }

    private func refusal<Value: Document>(like document: Value, _ json: JSON) -> DocumentFailure? {
        do {
            _ = try Value(json: json)
            return nil
        } catch { return error }
    }

    @Test("is read as it was written", arguments: DocumentSamples.all.indices)
    func roundTrip(index: Int) throws {
        let document = DocumentSamples.all[index]
        #expect(try read(like: document, document.serialized()))
        #expect(try read(like: document, document.serialized(pretty: true)))
    }

    @Test("has the members of its shape and no others", arguments: DocumentSamples.all.indices)
    func shape(index: Int) throws {
        let document = DocumentSamples.all[index]
        let written = try #require(try JSON(parsing: document.serialized()).object).map(\.0)
        guard case .object(let members) = type(of: document).shape else {
            Issue.record("the shape is no object")
            return
        }
        let names = members.map(\.name)
        #expect(written.allSatisfy(names.contains))
        #expect(members.filter(\.isRequired).map(\.name).allSatisfy(written.contains))
    }

    @Test("passes over members that it does not know", arguments: DocumentSamples.all.indices)
    func additions(index: Int) throws {
        let document = DocumentSamples.all[index]
        guard case .object(let members) = try JSON(parsing: document.serialized()) else { return }
        let extended = JSON.object(members + [("later", ["version": 2])])
        #expect(try read(like: document, extended.serialized()))
    }

    @Test("is refused when it is no object", arguments: DocumentSamples.all.indices)
    func kinds(index: Int) {
        let document = DocumentSamples.all[index]
        #expect(refusal(like: document, []) != nil)
        #expect(refusal(like: document, .object([])) != nil)
    }

    @Test(
        "is refused without a member that it is made of",
        arguments: [
            ("block", 0), ("height", 0), ("time", 0), ("chainWork", 0), ("raw", 1), ("block", 1),
            ("envelope", 3), ("payload", 3), ("entry", 3), ("status", 6), ("depth", 6),
            ("path", 8), ("header", 8), ("isNew", 9),
        ]
    )
    func missing(name: String, index: Int) throws {
        let document = DocumentSamples.all[index]
        guard case .object(let members) = try JSON(parsing: document.serialized()) else { return }
        let shorter = JSON.object(members.filter { $0.0 != name })
        #expect(refusal(like: document, shorter) == .missing(field: name))
    }

    @Test("is refused when a name is not the bytes'")
    func lies() throws {
        func changed(_ document: some Document, _ name: String) throws -> JSON {
            guard case .object(let members) = try JSON(parsing: document.serialized()) else {
                return .null
            }
            let zero = String(repeating: "0", count: 64)
            return .object(members.map { $0.0 == name ? (name, .string(zero)) : $0 })
        }
        let header = HeaderDocument(DocumentSamples.header)
        #expect(
            refusal(like: header, try changed(header, "block")) == .mismatch(field: "block")
        )
        let entry = DocumentSamples.entryDocument()
        #expect(refusal(like: entry, try changed(entry, "entry")) == .mismatch(field: "entry"))
    }

    @Test("is refused when it is no JSON")
    func text() {
        #expect(throws: DocumentFailure.self) { try TipDocument(parsing: Array("{".utf8)) }
    }
}

@Suite("An entry's document") struct EntryDocumentTests {
    private func written(_ document: EntryDocument) throws -> JSON {
        try JSON(parsing: document.serialized())
    }

    @Test("shows what a public message says")
    func publicText() throws {
        let json = try written(DocumentSamples.entryDocument())
        #expect(json["content"]?["type"] == "text")
        #expect(json["content"]?["text"] == "again")
        #expect(json["kind"] == "message")
        #expect(json["status"]?["status"] == "settled")
    }

    @Test("shows nothing of a message that may be sealed")
    func sealed() throws {
        let json = try written(DocumentSamples.entryDocument(isPublic: false))
        #expect(json["content"] == nil)
    }

    @Test("decodes the payload of each kind of control entry")
    func control() throws {
        let types = try DocumentSamples.block.body.entries.map { entry in
            try written(EntryDocument(entry, id: entry.id, isPublic: false))["content"]?["type"]
        }
        #expect(types == [nil, "revoke", nil, "approve"])
    }

    @Test("names the meeting that an open opens")
    func meeting() throws {
        var ann = TestAuthor("ann", on: DocumentSamples.network)
        let open = ann.open(title: "plans")
        let json = try written(EntryDocument(open, id: open.id, isPublic: false))
        #expect(json["meeting"] == .string(open.id.hex))
        #expect(json["content"]?["title"] == "plans")
    }

    @Test("carries a proof that holds for its own leaf only")
    func proof() {
        let proof = DocumentSamples.proof
        #expect(proof.proves(leaf: DocumentSamples.entry.leaf))
        #expect(!proof.proves(leaf: DocumentSamples.entry.id))
    }
}
