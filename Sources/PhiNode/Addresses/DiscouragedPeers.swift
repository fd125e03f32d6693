import PhiCrypto
import PhiLedger
import PhiWire

/// Those who misbehaved lately, by identity and by where they called from.
///
/// A discouraged identity is refused. Its host is not called, and whoever calls from there comes
/// in while there is room and goes first when there is none: a new key costs nothing, but behind
/// one address there may be others who did no wrong.
struct DiscouragedPeers: Sendable {
    private var identities: [VerifyingKey: Timestamp] = [:]
    private var hosts: [UInt128: Timestamp] = [:]
    private let limit: Int
    private let period: UInt64
    private let isLocal: Bool

    /// Nobody yet, and so many at most of each kind.
    init(policy: NodePolicy) {
        limit = policy.discouragedPeers
        period = policy.discouragement
        isLocal = policy.isLocal
    }

    /// Does not want a node back, nor others from its host, for a day.
    mutating func add(_ identity: VerifyingKey, at address: PeerAddress?, now: Timestamp) {
        let end = now.adding(milliseconds: period)
        if identities[identity] == nil, identities.count >= limit,
            let soonest = identities.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
        {
            identities[soonest.key] = nil
        }
        identities[identity] = end
        guard let address, !isExempt(address) else { return }
        let host = address.host64
        if hosts[host] == nil, hosts.count >= limit,
            let soonest = hosts.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
        {
            hosts[soonest.key] = nil
        }
        hosts[host] = end
    }

    /// Whether a node is not wanted.
    func contains(_ identity: VerifyingKey, now: Timestamp) -> Bool {
        identities[identity].map { $0 > now } ?? false
    }

    /// Whether a host is not wanted.
    func contains(_ address: PeerAddress?, now: Timestamp) -> Bool {
        guard let address, !isExempt(address) else { return false }
        return hosts[address.host64].map { $0 > now } ?? false
    }

    /// The machine itself is many nodes; so is a local network where all nodes stand.
    private func isExempt(_ address: PeerAddress) -> Bool {
        address.isLoopback || (isLocal && address.isLocal)
    }
}
