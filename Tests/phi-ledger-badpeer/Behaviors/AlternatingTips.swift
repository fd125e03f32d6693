import PhiConsensus
import PhiLedger
import PhiWire

/// Grows two branches of equal work in turn.
actor AlternatingTips: Behavior {
    static let number = 38
    static let name = "alternating-tips"
    static let summary = "alternates between two tips of equal work and outgrows one by the other"

    private var branches: [Branch] = []

    init() {}

    func speak(to victim: Victim) async throws {
        while true {
            let base = try await victim.chain()
            var (left, right) = (base, base)
            try left.append(nonceFrom: 0)
            try right.append(time: left.tip.header.time, nonceFrom: 1 << 50)
            branches = [left, right]
            for _ in 0..<10 {
                try await victim.announce(left, after: base.height)
                try await victim.announce(right, after: base.height)
            }
            for _ in 0..<3 {
                try right.append()
                branches = [right, left]
                try await victim.announce(right, after: base.height)
                try await victim.pause(milliseconds: 300)
                while left.tip.header.chainWork <= right.tip.header.chainWork { try left.append() }
                branches = [left, right]
                try await victim.announce(left, after: base.height)
                try await victim.pause(milliseconds: 300)
                while right.tip.header.chainWork < left.tip.header.chainWork { try right.append() }
            }
        }
    }

    func answer(_ message: Message, of victim: Victim) async throws {
        guard let best = branches.first else { return }
        try await victim.serve(best, to: message)
    }
}
