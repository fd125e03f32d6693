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
    private let limited: [MeterClass: Counter]
    private let incidents: [Incident: Counter]
    private let unknownMessages: Counter
    private let failedHandshakes: Counter
    private let fullQueues: Counter
    private let memory: [(part: MemoryUse.Part, used: Gauge, limit: Gauge)]
    private let disconnects: @Sendable (String) -> Counter
    private let lan: [LANOutcome: Counter]
    private let tip: Gauge
    private let peers: Gauge
    private let poolEntries: Gauge
    private let poolBytes: Gauge
    private let addresses: Gauge
    private let triedAddresses: Gauge
    private let ignoredRecords: Gauge

    /// Counters that a factory keeps.
    init(_ factory: some MetricsFactory) {
        func counter(_ label: String, _ dimensions: [(String, String)] = []) -> Counter {
            Counter(label: label, dimensions: dimensions, factory: factory)
        }
        func counters<Key: Hashable & CaseIterable & RawRepresentable<String>>(
            _ label: String,
            by dimension: String
        ) -> [Key: Counter] {
            let pairs = Key.allCases.map { ($0, counter(label, [(dimension, $0.rawValue)])) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        func gauge(_ label: String, _ dimensions: [(String, String)] = []) -> Gauge {
            Gauge(label: label, dimensions: dimensions, factory: factory)
        }
        connected = counter("phi_blocks_connected_total")
        disconnected = counter("phi_blocks_disconnected_total")
        recorded = counter("phi_entries_recorded_total")
        pooled = counter("phi_entries_pooled_total")
        dropped = counters("phi_entries_dropped_total", by: "reason")
        misbehaviors = counters("phi_peer_misbehavior_total", by: "behavior")
        limited = counters("phi_peer_limited_total", by: "class")
        incidents = counters("phi_peer_incidents_total", by: "incident")
        unknownMessages = counter("phi_peer_unknown_messages_total")
        failedHandshakes = counter("phi_peer_failed_handshakes_total")
        fullQueues = counter("phi_peer_full_queues_total")
        memory = MemoryUse.Part.allCases.map { part in
            let labels = [("part", part.rawValue)]
            return (
                part: part,
                used: gauge("phi_memory_bytes", labels),
                limit: gauge("phi_memory_limit_bytes", labels)
            )
        }
        disconnects = { reason in
            Counter(
                label: "phi_peer_disconnects_total",
                dimensions: [("reason", reason)],
                factory: factory
            )
        }
        lan = counters("phi_lan_datagrams_total", by: "outcome")
        tip = gauge("phi_tip_height")
        peers = gauge("phi_peers")
        poolEntries = gauge("phi_pool_entries")
        poolBytes = gauge("phi_pool_bytes")
        addresses = gauge("phi_addresses_known")
        triedAddresses = gauge("phi_addresses_tried")
        ignoredRecords = gauge("phi_records_ignored")
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

    /// Counts a connection that this node ends, by the kind of its reason.
    func countDisconnect(_ reason: DisconnectReason) {
        disconnects(String("\(reason)".prefix { $0 != "(" })).increment()
    }

    /// Counts a peer that came to send too fast.
    func countLimited(_ kind: MeterClass) { limited[kind]?.increment() }

    /// Counts what a peer did without being blamed for it.
    func count(_ incident: Incident) { incidents[incident]?.increment() }

    /// Counts a caller who did not come through the handshake.
    func countFailedHandshake() { failedHandshakes.increment() }

    /// Counts a message of a type that this version does not have.
    func countUnknownMessage() { unknownMessages.increment() }

    /// Counts a peer that was dropped because it did not take what was sent to it.
    func countFullQueue() { fullQueues.increment() }

    func count(_ outcome: LANOutcome) {
        lan[outcome]?.increment()
    }

    /// Sets the gauges that have no events.
    func observe(_ status: NodeStatus) {
        tip.record(Int64(status.tip.header.height.rawValue))
        peers.record(Int64(status.peers.count))
        poolEntries.record(Int64(status.pooledEntries))
        poolBytes.record(Int64(status.pooledBytes))
        for gauge in memory {
            gauge.used.record(Int64(status.memory.bytes(of: gauge.part)))
            gauge.limit.record(Int64(status.memory.limit(of: gauge.part)))
        }
        addresses.record(Int64(status.knownAddresses))
        triedAddresses.record(Int64(status.triedAddresses))
        ignoredRecords.record(Int64(clamping: status.ignoredRecords))
    }
}
