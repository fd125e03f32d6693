import PhiConsensus
import PhiCrypto
import PhiLedger

/// How many signatures and entries this machine verifies in a second.
struct SignatureRate: Sendable {
    /// Things done, in how much time.
    struct Count: Sendable {
        var done = 0
        var seconds = 0.0
        var processorSeconds = 0.0

        /// In a second on the wall.
        var perSecond: Double { Double(done) / seconds }
        /// In a second of one processor.
        var perProcessorSecond: Double { Double(done) / processorSeconds }
    }

    private let entries: [Entry]
    private let messages: [SignedMessage]
    private let network: Network

    init(_ entries: [Entry], on network: Network) {
        self.entries = entries
        self.network = network
        messages = entries.map(SignedMessage.init)
    }

    /// Checks signatures alone, for some seconds on some cores.
    func signatures(cores: Int, seconds: Double) async throws -> Count {
        try await count(messages, cores: cores, seconds: seconds) { message in
            try message.author.check(message.signature, of: message.message)
        }
    }

    /// Judges whole entries by all rules that need no chain.
    func entries(cores: Int, seconds: Double) async throws -> Count {
        let network = network
        return try await count(entries, cores: cores, seconds: seconds) { entry in
            _ = try ValidEntry(judging: entry, on: network)
        }
    }

    private func count<Element: Sendable>(
        _ elements: [Element],
        cores: Int,
        seconds: Double,
        _ work: @escaping @Sendable (Element) throws -> Void
    ) async throws -> Count {
        let watch = Stopwatch()
        let counts = try await Cores.run(cores) { core in
            var done = 0
            var position = core * elements.count / cores
            while watch.seconds < seconds {
                for _ in 0..<32 {
                    try work(elements[position])
                    position = position + 1 == elements.count ? 0 : position + 1
                }
                done += 32
            }
            return done
        }
        return Count(
            done: counts.reduce(0, +),
            seconds: watch.seconds,
            processorSeconds: watch.processorSeconds
        )
    }
}
