import PhiCrypto
import PhiLedger
import Testing

@Suite("Network parameters") struct NetworkParametersTests {
    /// A number of the parameters, with the range that a network can run on.
    struct Number: CustomTestStringConvertible, Sendable {
        let name: String
        let range: ClosedRange<UInt32>
        let set: @Sendable (inout NetworkParameters, UInt32) -> Void
        var testDescription: String { name }

        init(
            _ name: String,
            _ range: ClosedRange<UInt32>,
            _ set: @escaping @Sendable (inout NetworkParameters, UInt32) -> Void
        ) {
            self.name = name
            self.range = range
            self.set = set
        }
    }

    static let numbers = [
        Number("interval", 100...86_400_000) { $0.blockInterval = $1 },
        Number("half_life", 1...1_000_000_000) { $0.halfLife = $1 },
        Number("min_spacing", 1...86_400_000) { $0.minimumSpacing = $1 },
        Number("idle_cap", 1...1_000_000_000) { $0.idleCap = $1 },
        Number("grace", 1...1_000_000_000) { $0.grace = $1 },
        Number("emergency_half_life", 1...1_000_000_000) { $0.emergencyHalfLife = $1 },
        Number("future_limit", 1...7_200_000) { $0.futureLimit = $1 },
        Number("pow_limit_log2", 161...255) { $0.targetLimitExponent = UInt16($1) },
        Number("expiry", 10...1_000_000) { $0.expiry = $1 },
        Number("max_body", 1_024...1_000_000) { $0.maximumBodyBytes = $1 },
        Number("max_entries", 1...2_048) { $0.maximumEntries = $1 },
        Number("max_payload", 256...32_768) { $0.maximumPayloadBytes = $1 },
        Number("stamp_rate", 0...1_000_000) { $0.stampRate = $1 },
        Number("stamp_base", 0...1_000_000) { $0.stampBase = $1 },
        Number("undo_window", 10...1_000_000) { $0.undoWindow = $1 },
        Number("create_policy", 0...0) { $0.createPolicy = $1 },
    ]

    private func failure(_ parameters: NetworkParameters) -> ParametersFailure? {
        do {
            try parameters.validate()
            return nil
        } catch { return error }
    }

    @Test("have the bytes and hash of independent code") func vectors() throws {
        for (vectors, parameters) in try ChainVectors.all() {
            let bytes = try ChainVectors.bytes(vectors.parameters)
            #expect(parameters.encoded == bytes)
            #expect(try NetworkParameters(decoding: bytes) == parameters)
            #expect(parameters.commitment.hex == vectors.parametersHash)
        }
    }

    @Test("of the known networks make a network") func known() throws {
        let networks: [NetworkParameters] = [.main, .test, .development]
        for parameters in networks {
            #expect(failure(parameters) == nil)
            #expect(parameters.encoded.count == NetworkParameters.byteCount)
            #expect(try NetworkParameters(decoding: parameters.encoded) == parameters)
        }
        #expect(Set(networks.map(\.commitment)).count == 3)
    }

    @Test("of the known networks are those of the documents") func values() {
        let test = NetworkParameters.test
        #expect(test.blockInterval == 2_000)
        #expect(test.halfLife == 120_000)
        #expect(test.minimumSpacing == 200)
        #expect(test.idleCap == 120_000)
        #expect(test.grace == 60_000)
        #expect(test.emergencyHalfLife == 12_000)
        #expect(test.futureLimit == 10_000)
        #expect(test.targetLimit == .powerOfTwo(244))
        #expect(test.stampRate == 16)
        #expect(test.retargets)
        #expect(!NetworkParameters.development.retargets)
    }

    @Test("are refused when they end early, at every byte", arguments: 0..<66)
    func truncation(count: Int) {
        #expect(throws: DecodingFailure.self) {
            try NetworkParameters(decoding: Array(NetworkParameters.main.encoded[..<count]))
        }
    }

    @Test("are refused when a byte follows") func trailing() {
        #expect(throws: DecodingFailure.trailing(count: 1)) {
            try NetworkParameters(decoding: NetworkParameters.main.encoded + [0])
        }
    }

    @Test("are refused in another version", arguments: [0, 2, 255]) func version(found: UInt8) {
        var bytes = NetworkParameters.main.encoded
        bytes[0] = found
        let failure = DecodingFailure.unknown(field: "parameters version", found: UInt64(found))
        #expect(throws: failure) { try NetworkParameters(decoding: bytes) }
    }

    @Test("retarget or do not, and nothing else") func retarget() throws {
        var bytes = NetworkParameters.main.encoded
        #expect(Array(bytes[32..<34]) == [1, 0])
        bytes[32] = 0
        #expect(try NetworkParameters(decoding: bytes).retargets == false)
        bytes[32] = 2
        #expect(throws: DecodingFailure.overLimit(field: "retarget", limit: 1, found: 2)) {
            try NetworkParameters(decoding: bytes)
        }
    }

    @Test("come back from every encoding", arguments: [0, 0x7f, 0xff]) func extremes(
        byte: UInt8
    ) throws {
        var bytes = [1, 0] + [UInt8](repeating: byte, count: 64)
        bytes[32] = 1
        bytes[33] = 0
        #expect(try NetworkParameters(decoding: bytes).encoded == bytes)
    }

    @Test("are refused outside of a number's range", arguments: numbers)
    func outside(number: Number) {
        let range = UInt64(number.range.lowerBound)...UInt64(number.range.upperBound)
        let below = number.range.lowerBound == 0 ? [] : [0, number.range.lowerBound - 1]
        let largest = number.name == "pow_limit_log2" ? UInt32(UInt16.max) : .max
        for found in below + [number.range.upperBound + 1, largest] {
            var parameters = NetworkParameters.main
            number.set(&parameters, found)
            #expect(
                failure(parameters)
                    == .outOfRange(parameter: number.name, found: UInt64(found), range: range)
            )
        }
    }

    @Test("may lie at the ends of a number's range", arguments: numbers)
    func inside(number: Number) {
        for found in [number.range.lowerBound, number.range.upperBound] {
            var parameters = NetworkParameters.main
            number.set(&parameters, found)
            switch failure(parameters) {
            case nil, .inconsistent: break
            case .outOfRange(let parameter, _, _): Issue.record("\(parameter) is in its range")
            }
        }
    }

    @Test("are refused when they contradict each other") func inconsistent() {
        let changes: [(String, (inout NetworkParameters) -> Void)] = [
            ("min_spacing", { $0.minimumSpacing = $0.blockInterval + 1 }),
            ("idle_cap", { $0.idleCap = $0.blockInterval - 1 }),
            ("grace", { $0.grace = $0.blockInterval - 1 }),
            ("max_body", { $0.maximumBodyBytes = $0.maximumPayloadBytes + 283 }),
        ]
        for (name, change) in changes {
            var parameters = NetworkParameters.main
            change(&parameters)
            guard case .inconsistent(let rule) = failure(parameters) else {
                Issue.record("\(name) contradicts another number")
                continue
            }
            #expect(rule.hasPrefix(name))
        }
        var parameters = NetworkParameters.main
        parameters.minimumSpacing = parameters.blockInterval
        parameters.idleCap = parameters.blockInterval
        parameters.grace = parameters.blockInterval
        parameters.maximumBodyBytes = parameters.maximumPayloadBytes + 284
        #expect(failure(parameters) == nil)
    }

    @Test("have failures that people can read") func descriptions() {
        let outside = ParametersFailure.outOfRange(parameter: "expiry", found: 9, range: 10...20)
        #expect(outside.description == "expiry is 9; it must lie in 10...20")
        let contradiction = ParametersFailure.inconsistent(rule: "a is above b")
        #expect(contradiction.description == "the parameters contradict each other: a is above b")
    }
}
