import Metrics
import PhiConsensus
import PhiLedger
import PhiNode

/// The node's counters, held so that counting costs nothing.
final class Telemetry: Sendable {
    private let connected: Counter
    private let disconnected: Counter
    private let recorded: Counter
    private let pooled: Counter
    private let dropped: [DropReason: Counter]
    private let misbehaviors: [Misbehavior: Counter]
    private let lan: [LANOutcome: Counter]
    private let tip: Gauge
    private let peers: Gauge
    private let poolEntries: Gauge
    private let poolBytes: Gauge

    /// Counters that a factory keeps.
    init(_ factory: some MetricsFactory) {
        func counter(_ label: String, _ dimensions: [(String, String)] = []) -> Counter {
            Counter(label: label, dimensions: dimensions, factory: factory)
        }
        func gauge(_ label: String) -> Gauge { Gauge(label: label, factory: factory) }
        connected = counter("phi_blocks_connected_total")
        disconnected = counter("phi_blocks_disconnected_total")
        recorded = counter("phi_entries_recorded_total")
        pooled = counter("phi_entries_pooled_total")
        dropped = Dictionary(
            uniqueKeysWithValues: DropReason.allCases.map {
                ($0, counter("phi_entries_dropped_total", [("reason", $0.rawValue)]))
            }
        )
        misbehaviors = Dictionary(
            uniqueKeysWithValues: Misbehavior.allCases.map {
                ($0, counter("phi_peer_misbehavior_total", [("behavior", $0.rawValue)]))
            }
        )
        lan = Dictionary(
            uniqueKeysWithValues: LANOutcome.allCases.map {
                ($0, counter("phi_lan_datagrams_total", [("outcome", $0.rawValue)]))
            }
        )
        tip = gauge("phi_tip_height")
        peers = gauge("phi_peers")
        poolEntries = gauge("phi_pool_entries")
        poolBytes = gauge("phi_pool_bytes")
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

    func count(_ outcome: LANOutcome) {
        lan[outcome]?.increment()
    }

    /// Sets the gauges that have no events.
    func observe(_ status: NodeStatus) {
        tip.record(Int64(status.tip.header.height.rawValue))
        peers.record(Int64(status.peers.count))
        poolEntries.record(Int64(status.pooledEntries))
        poolBytes.record(Int64(status.pooledBytes))
    }
}
