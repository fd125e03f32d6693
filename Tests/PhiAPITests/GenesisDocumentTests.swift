import PhiAPI
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A genesis document") struct GenesisDocumentTests {
    static let pins = [
        "main": "000000ffb754f9dc2a42ebc685b713d156ed718070b4a9b5c836057cba35fb91",
        "test": "0000335e6e9a6c18f2f70793fad34ee6218a2cfb23d32527436579a4895d5367",
        "dev": "3085bf10a951a89de892526f6c4d1e8fee9ca858d330e72909ea105f94a73e94",
    ]
    static let prefixes = ["main": "phi", "test": "phit", "dev": "phid"]

    private static func document(_ name: String = "test") throws -> GenesisDocument {
        try #require(Networks.named(name))
    }

    private static func failure(_ json: JSON) -> GenesisDocumentFailure? {
        do {
            _ = try GenesisDocument(parsing: json.serialized())
            return nil
        } catch { return error }
    }

    /// The document with a member at a path replaced, or added where it is not there.
    private static func changed(_ path: [String], _ value: JSON?) throws -> JSON {
        func change(_ json: JSON, _ path: ArraySlice<String>) -> JSON {
            guard case .object(var members) = json, let name = path.first else { return json }
            let index = members.firstIndex { $0.0 == name }
            if path.count > 1, let index {
                members[index].1 = change(members[index].1, path.dropFirst())
            } else if let index {
                if let value { members[index].1 = value } else { members.remove(at: index) }
            } else if let value {
                members.append((name, value))
            }
            return .object(members)
        }
        return change(try JSON(parsing: document().serialized), path[...])
    }

    @Test("of each known network is in the program, with a pinned hash", arguments: Networks.names)
    func pinned(name: String) throws {
        let document = try Self.document(name)
        #expect(document.network.name == name)
        #expect(document.network.chain.hex == Self.pins[name])
        #expect(document.network.prefix == Self.prefixes[name])
        #expect(document.network.genesis.time.milliseconds == 1_795_305_600_000)
        #expect(document.seeds.isEmpty)
    }

    @Test("of each known network has the parameters that the protocol gives it")
    func parameters() throws {
        #expect(try Self.document("main").network.parameters == .main)
        #expect(try Self.document("test").network.parameters == .test)
        #expect(try Self.document("dev").network.parameters == .development)
        #expect(Networks.named("other") == nil)
    }

    @Test("is read as it was written", arguments: Networks.names)
    func roundTrip(name: String) throws {
        let document = try Self.document(name)
        #expect(try GenesisDocument(parsing: document.serialized) == document)
        let seeded = try GenesisDocument(document.network, seeds: ["seed.example:7447"])
        #expect(try GenesisDocument(parsing: seeded.serialized) == seeded)
    }

    @Test(
        "is refused with a field that it does not know",
        arguments: [[], ["parameters"], ["header"]]
    )
    func unknown(path: [String]) throws {
        let json = try Self.changed(path + ["extra"], 1)
        #expect(Self.failure(json) == .document(.unknown(field: "extra")))
    }

    static let fields: [[String]] = {
        guard let document = Networks.named("test"),
            let json = try? JSON(parsing: document.serialized)
        else { return [] }
        return ["parameters", "header"].flatMap { group in
            (json[group]?.object ?? []).map { [group, $0.0] }
        }
    }()

    @Test(
        "is refused without any of its fields",
        arguments: fields + [["name"], ["seeds"], ["version"]]
    )
    func missing(path: [String]) throws {
        let json = try Self.changed(path, nil)
        #expect(Self.failure(json) == .document(.missing(field: path[path.count - 1])))
    }

    @Test("is refused when any number differs from the mined one", arguments: fields)
    func changedNumber(path: [String]) throws {
        let value = try Self.changed([], nil)[path[0]]?[path[1]]
        let other: JSON =
            switch value {
            case .integer(let number)?: .integer(number + 1)
            case .bool(let truth)?: .bool(!truth)
            case .string(let text)?:
                .string(String(text.dropLast()) + (text.hasSuffix("1") ? "2" : "1"))
            default: .null
            }
        #expect(Self.failure(try Self.changed(path, other)) != nil)
    }

    @Test("names the rule that is broken")
    func rules() throws {
        func found(_ path: [String], _ value: JSON) throws -> GenesisDocumentFailure? {
            Self.failure(try Self.changed(path, value))
        }
        #expect(try found(["version"], 2) == .version(supported: 1, found: 2))
        #expect(
            try found(["parameters", "grace"], 0)
                == .network(
                    .parameters(.outOfRange(parameter: "grace", found: 0, range: 1...1_000_000_000))
                )
        )
        #expect(try found(["parameters", "expiry"], 9_000) == .network(.otherParameters))
        #expect(try found(["header", "height"], 1) == .network(.height(Height(1))))
        #expect(try found(["header", "idle"], 5) == .network(.idle(5)))
        #expect(try found(["header", "entry_count"], 1) == .network(.notEmpty))
        #expect(
            try found(["header", "nonce"], "0000000000000000") == .network(.work)
        )
        #expect(
            try found(["chain"], .string(String(repeating: "0", count: 64)))
                == .document(.mismatch(field: "chain"))
        )
        #expect(try found(["name"], "Main") == .name("Main"))
        #expect(try found(["prefix"], "phi1") == .prefix("phi1"))
        #expect(try found(["seeds"], ["a b"]) == .seed("a b"))
        #expect(
            try found(["seeds"], .array(Array(repeating: "a:1", count: 65)))
                == .tooManySeeds(limit: 64, found: 65)
        )
    }

    @Test("is refused when its text ends early")
    func truncation() throws {
        let bytes = try Self.document().serialized
        for count in stride(from: 0, to: bytes.count - 2, by: 37) {
            #expect(throws: GenesisDocumentFailure.self) {
                try GenesisDocument(parsing: Array(bytes[..<count]))
            }
        }
    }
}
