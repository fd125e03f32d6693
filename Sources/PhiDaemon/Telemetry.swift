import Metrics
import PhiConsensus
import PhiLedger
import PhiNode

/// The node's counters, held so that counting costs nothing.
final class Telemetry: Sendable {
    private let connected = Counter(label: "phi_blocks_connected_total")
    private let disconnected = Counter(label: "phi_blocks_disconnected_total")
    private let recorded = Counter(label: "phi_entries_recorded_total")
    private let pooled = Counter(label: "phi_entries_pooled_total")
    private let dropped: [DropReason: Counter]
    private let misbehaviors: [Misbehavior: Counter]
    private let tip = Gauge(label: "phi_tip_height")
    private let peers = Gauge(label: "phi_peers")
    private let poolEntries = Gauge(label: "phi_pool_entries")
    private let poolBytes = Gauge(label: "phi_pool_bytes")

    init() {
        dropped = Dictionary(
            uniqueKeysWithValues: [DropReason.expired, .evicted, .replaced, .refused].map {
                (
                    $0,
                    Counter(
                        label: "phi_entries_dropped_total",
                        dimensions: [("reason", $0.rawValue)]
                    )
                )
            }
        )
        misbehaviors = Dictionary(
            uniqueKeysWithValues: Misbehavior.allCases.map {
                (
                    $0,
                    Counter(
                        label: "phi_peer_misbehavior_total",
                        dimensions: [("behavior", $0.rawValue)]
                    )
                )
            }
        )
    }

    func count(_ notice: LedgerNotice) {
        switch notice {
        case .connected(let header, let entries):
            connected.increment()
            recorded.increment(by: Int64(entries.count))
            tip.record(Int64(header.header.height.rawValue))
        case .disconnected: disconnected.increment()
        case .pooled: pooled.increment()
        case .dropped(_, let reason): dropped[reason]?.increment()
        }
    }

    func countMisbehavior(_ what: Misbehavior) {
        misbehaviors[what]?.increment()
    }

    /// Sets the gauges that have no events.
    func observe(_ status: NodeStatus) {
        tip.record(Int64(status.tip.header.height.rawValue))
        peers.record(Int64(status.peers.count))
        poolEntries.record(Int64(status.pooledEntries))
        poolBytes.record(Int64(status.pooledBytes))
    }
}
