/// Something that is fed with bytes from anywhere, and what must hold for all of them.
struct FuzzTarget: Sendable {
    /// The name on the command line.
    let name: String
    /// What is tried, in one sentence.
    let summary: String
    /// Bytes of an input at most.
    let byteLimit: Int
    /// How much memory an input may take.
    let memory: MemoryBound
    /// Inputs to begin with, from the ledger's own encoders.
    let seeds: @Sendable () -> [[UInt8]]
    /// Tries one input; returns when everything holds.
    let run: @Sendable ([UInt8]) -> Void
    /// What one input leads to, as a line for the reference; nil where there is none.
    let transcript: (@Sendable ([UInt8]) -> String?)?

    init(
        _ name: String,
        _ summary: String,
        byteLimit: Int = 4_096,
        memory: MemoryBound,
        seeds: @escaping @Sendable () -> [[UInt8]],
        transcript: (@Sendable ([UInt8]) -> String?)? = nil,
        run: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.name = name
        self.summary = summary
        self.byteLimit = byteLimit
        self.memory = memory
        self.seeds = seeds
        self.transcript = transcript
        self.run = run
    }
}

/// How much memory may be held at once for an input, beyond what was held before.
struct MemoryBound: Sendable {
    /// Bytes for any input.
    let base: Int
    /// Bytes more for each byte of the input.
    let perByte: Int

    /// The bound for an input of so many bytes.
    func limit(forInput count: Int) -> Int { base + perByte * count }
}
