import PhiCrypto
import PhiLedger
import Testing

@Suite("A network") struct NetworkTests {
    private let parameters = NetworkParameters.development

    private func network(_ genesis: Header) throws(GenesisFailure) -> Network {
        try Network(name: "dev", prefix: "phid", parameters: parameters, genesis: genesis)
    }

    private func draft() -> Header {
        Network.genesisDraft(
            parameters: parameters,
            time: Timestamp(milliseconds: 1_700_000_000_000),
            target: .powerOfTwo(255)
        )
    }

    /// The header with a nonce whose hash meets the target, or fails to.
    private func searched(_ header: Header, meets: Bool = true) -> Header {
        var header = header
        while Target.powerOfTwo(255).isMet(by: header.hash) != meets { header.nonce += 1 }
        return header
    }

    private func expect(_ failure: GenesisFailure, _ change: (inout Header) -> Void) {
        var header = draft()
        change(&header)
        let found = searched(header)
        #expect(throws: failure) { try network(found) }
    }

    @Test("is made of the genesis header of an independent chain") func vectors() throws {
        for (vectors, parameters) in try ChainVectors.all() {
            let genesis = try Header(decoding: try ChainVectors.bytes(vectors.genesis))
            let network = try Network(
                name: "vectors",
                prefix: "phi",
                parameters: parameters,
                genesis: genesis
            )
            #expect(network.chain.hex == vectors.genesisHash)
            #expect(network.genesis == genesis)
        }
    }

    @Test("is made of a draft whose nonce was searched") func drafted() throws {
        let genesis = searched(draft())
        let network = try network(genesis)
        #expect(network.chain == genesis.hash)
        #expect(network.name == "dev")
        #expect(network.prefix == "phid")
        #expect(network.parameters == parameters)
    }

    @Test("has no other parameters than its genesis header commits to") func otherParameters() {
        let genesis = searched(draft())
        #expect(throws: GenesisFailure.otherParameters) {
            try Network(name: "", prefix: "phi", parameters: .main, genesis: genesis)
        }
        expect(.otherParameters) { $0.previous = .zero }
    }

    @Test("has no parameters that contradict each other") func badParameters() {
        var parameters = parameters
        parameters.expiry = 0
        #expect(
            throws: GenesisFailure.parameters(
                .outOfRange(parameter: "expiry", found: 0, range: 10...1_000_000)
            )
        ) {
            try Network(name: "", prefix: "phi", parameters: parameters, genesis: draft())
        }
    }

    @Test("starts at height 0, empty, without history and without forgiven time") func shape() {
        expect(.height(Height(1))) { $0.height = Height(1) }
        expect(.notEmpty) { $0.entryCount = 1 }
        expect(.notEmpty) { $0.bodyBytes = 1 }
        expect(.notEmpty) { $0.entriesRoot = .zero }
        expect(.history) { $0.historyRoot = .zero }
        expect(.idle(1)) { $0.idle = 1 }
    }

    @Test("has a target that is possible") func target() {
        for bits: UInt32 in [0, 0x207f_ffff + 1, 0x0100_0001, 0x2100_8001] {
            var header = draft()
            header.bits = bits
            let failure = #expect(throws: GenesisFailure.self) { try network(header) }
            guard case .target = failure else {
                Issue.record("bits \(bits): \(String(describing: failure))")
                continue
            }
        }
    }

    @Test("starts at a time that the difficulty can compute with") func time() {
        let latest = Timestamp(milliseconds: 1 << 46 - 1)
        var header = draft()
        header.time = latest
        let found = searched(header)
        #expect(throws: Never.self) { try network(found) }
        let late = latest.adding(milliseconds: 1)
        expect(.time(late)) { $0.time = late }
    }

    @Test("has done the work of its first block, and no other") func work() {
        let failed = searched(draft(), meets: false)
        #expect(throws: GenesisFailure.work) { try network(failed) }
        let expected = Target.powerOfTwo(255).work
        for found in [Work.zero, Work(rawValue: expected.rawValue + 1)] {
            expect(.chainWork(expected: expected, found: found)) { $0.chainWork = found }
        }
    }
}
