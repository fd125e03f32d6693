import NIOCore
import Synchronization

/// Why a connection was not let in.
enum AdmissionRefusal: Error {
    /// There are as many inbound connections as the policy allows.
    case full
    /// There are as many from the same neighborhood as the policy allows.
    case crowded
    /// The peer has no address of the internet's kind.
    case unknownAddress
    /// The node is going down.
    case shutdown
}

/// Counts the connections that others opened to this node, and knows them.
///
/// A place is taken before anything is allocated for TLS, and given back when the socket is closed.
final class Admission: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var counts: [Neighborhood: Int] = [:]
        var isOver = false
    }

    private let policy: TransportPolicy
    private let state = Mutex(State())

    init(policy: TransportPolicy) {
        self.policy = policy
    }

    /// Takes a place for a socket that has just been accepted.
    func admit(_ channel: any Channel, from address: PeerAddress) throws(AdmissionRefusal) {
        let neighborhood = Neighborhood(address)
        try take(channel, neighborhood)
        channel.closeFuture.whenComplete { _ in self.release(channel, neighborhood) }
    }

    /// Lets nobody in from now on, and closes every connection that is still open.
    func end() {
        let channels = state.withLock { state in
            state.isOver = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
    }

    private func take(
        _ channel: any Channel,
        _ neighborhood: Neighborhood
    ) throws(AdmissionRefusal) {
        try state.withLock { state throws(AdmissionRefusal) in
            guard !state.isOver else { throw .shutdown }
            guard state.channels.count < policy.maximumInbound else { throw .full }
            let count = state.counts[neighborhood, default: 0]
            let isExempt = neighborhood.isLoopback && policy.exemptsLoopback
            guard isExempt || count < policy.maximumPerAddress else { throw .crowded }
            state.counts[neighborhood] = count + 1
            state.channels[ObjectIdentifier(channel)] = channel
        }
    }

    private func release(_ channel: any Channel, _ neighborhood: Neighborhood) {
        state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            let count = state.counts[neighborhood, default: 1] - 1
            state.counts[neighborhood] = count > 0 ? count : nil
        }
    }
}
