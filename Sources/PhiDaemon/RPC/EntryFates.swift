import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

/// What became of entries that left the chain or the pool, as far back as there is room.
struct EntryFates {
    /// Entries that are remembered at most.
    static let limit = 8_192

    private var steps: [Digest: DeliveryStep] = [:]
    private var order: [Digest] = []
    private var oldest = 0

    func step(of id: Digest) -> DeliveryStep? { steps[id] }

    mutating func note(_ notice: LedgerNotice) {
        switch notice {
        case .connected(_, let entries): for entry in entries { steps[entry.id] = nil }
        case .disconnected(_, let entries): for entry in entries { set(.returned, for: entry.id) }
        case .pooled: break
        case .dropped(let pooled, let reason):
            if reason == .expired {
                set(.expired, for: pooled.valid.id)
            } else {
                steps[pooled.valid.id] = nil
            }
        }
    }

    private mutating func set(_ step: DeliveryStep, for id: Digest) {
        steps[id] = step
        if order.count < Self.limit {
            order.append(id)
        } else {
            let forgotten = order[oldest]
            if forgotten != id { steps[forgotten] = nil }
            order[oldest] = id
            oldest = (oldest + 1) % Self.limit
        }
    }
}
