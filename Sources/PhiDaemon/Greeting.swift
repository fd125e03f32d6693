import PhiLedger
import PhiRPC
import PhiTransport
import PhiWire
import ServiceLifecycle

/// Waits until the node can be reached, starts its core, and says where it is.
struct Greeting: Service {
    let composition: Composition
    let announce: @Sendable (Daemon.Announcement) -> Void

    func run() async throws {
        await composition.engine.attach(composition.peerNetwork)
        guard let bound = try? await composition.peerNetwork.boundAddresses() else { return }
        let configured = composition.configuration.advertise
        let callable = (configured.isEmpty ? bound : configured)
            .compactMap { PhiWire.PeerAddress($0.description) }
            .filter { !$0.isUnspecified }
        let listening = bound.compactMap { PhiWire.PeerAddress($0.description) }
        await composition.keeper.start(callableAt: callable, listeningAt: listening)
        guard let port = try? await composition.rpc.port else { return }
        announce(
            Daemon.Announcement(
                identity: composition.identity,
                peers: bound.map(\.description),
                rpc: "http://\(composition.configuration.rpcHost):\(port)",
                chain: composition.network.chain
            )
        )
    }
}
