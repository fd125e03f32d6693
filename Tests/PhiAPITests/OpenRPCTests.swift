import PhiAPI
import Testing

@Suite("The OpenRPC document") struct OpenRPCTests {
    private let document = OpenRPC.document(version: "1.0.0", includesDevelopment: true)

    /// Every method of the protocol's table.
    private static let table = """
        node.info node.health chain.tip chain.header chain.headers chain.block entry.get \
        entry.status entry.receipt entry.submit stamp.quote stamp.work meeting.get meeting.list \
        meeting.history meeting.members meeting.minutes author.head author.history meeting.create \
        meeting.join message.send meeting.admit meeting.revoke meeting.close meeting.approve \
        peer.list peer.add peer.remove peer.ban node.stop miner.set miner.generate \
        chain.acceptReorg mempool.info mempool.list subscribe unsubscribe rpc.discover
        """.split(separator: " ").map(String.init)

    @Test("lists every method of the protocol and no other")
    func methods() {
        let names = document["methods"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(Set(names) == Set(Self.table))
        #expect(names.count == Self.table.count)
    }

    @Test("hides what only development networks have")
    func development() {
        let names = OpenRPC.document(version: "1.0.0")["methods"]?.array?
            .compactMap { $0["name"]?.string }
        #expect(names?.contains("miner.generate") == false)
        #expect(names?.count == Self.table.count - 1)
    }

    @Test("has the members that the specification requires")
    func structure() throws {
        #expect(document["openrpc"]?.string?.hasPrefix("1.") == true)
        #expect(document["info"]?["title"]?.string != nil)
        #expect(document["info"]?["version"] == "1.0.0")
        for method in try #require(document["methods"]?.array) {
            var wasOptional = false
            #expect(method["summary"]?.string?.hasSuffix(".") == true)
            for parameter in try #require(method["params"]?.array) {
                #expect(parameter["name"]?.string != nil)
                #expect(parameter["schema"]?.object != nil)
                let isRequired = try #require(parameter["required"]) == true
                #expect(!(wasOptional && isRequired), "required parameters come first")
                wasOptional = !isRequired
            }
            #expect(method["result"]?["name"]?.string != nil)
            #expect(method["result"]?["schema"]?.object != nil)
        }
    }

    @Test("refers to nothing that it does not define")
    func references() throws {
        let defined = Set(
            try ["schemas", "errors"].flatMap { group in
                let members = try #require(document["components"]?[group]?.object)
                return members.map { "#/components/\(group)/\($0.0)" }
            }
        )
        for reference in references(in: document) {
            #expect(defined.contains(reference))
        }
    }

    @Test("is JSON that the parser reads, with no member twice")
    func grammar() throws {
        #expect(try JSON(parsing: document.serialized()) == document)
    }

    @Test("names a method that was probably meant")
    func nearest() {
        #expect(throws: APIError.methodNotFound("chain.tpi", nearest: "chain.tip")) {
            try Methods.find("chain.tpi")
        }
        #expect(throws: APIError.methodNotFound("eth_blockNumber")) {
            try Methods.find("eth_blockNumber")
        }
    }

    private func references(in json: JSON) -> [String] {
        switch json {
        case .array(let elements): elements.flatMap(references)
        case .object(let members):
            members.flatMap { name, value in
                name == "$ref" ? [value.string].compactMap { $0 } : references(in: value)
            }
        default: []
        }
    }
}
