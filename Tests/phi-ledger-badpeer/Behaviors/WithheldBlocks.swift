import PhiConsensus
import PhiLedger
import PhiWire

/// Mines a hundred blocks in secret and shows them all at once.
actor WithheldBlocks: Behavior {
    static let number = 39
    static let name = "withheld-blocks"
    static let summary = "mines 100 blocks in secret, forking off below the tip, and shows them"

    /// Blocks that are withheld.
    private static let length = 100

    private var branch: Branch?

    init() {}

    func speak(to victim: Victim) async throws {
        let base = try await victim.chain()
        let fork = max(0, base.height - 60)
        var branch = base.cut(at: fork)
        let spacing = UInt64(victim.network.parameters.minimumSpacing)
        let begin = branch.tip.header.time
        let span = Timestamp.now.since(begin)
        let step = max(spacing, span / UInt64(Self.length + 1))
        while branch.height < fork + Self.length
            || branch.tip.header.chainWork <= base.tip.header.chainWork
        {
            let time = branch.tip.header.time.adding(milliseconds: step)
            try branch.append(time: time)
        }
        self.branch = branch
        try await victim.announce(branch, after: fork)
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        guard let branch else { return }
        try await victim.serve(branch, to: message)
    }
}
