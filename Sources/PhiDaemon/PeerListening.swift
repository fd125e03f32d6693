import PhiTransport
import ServiceLifecycle

/// The connections to peers, with a sentence for the operator when none can be taken.
struct PeerListening: Service {
    let network: PeerNetwork
    let addresses: [PeerAddress]

    func run() async throws {
        do { try await network.run() } catch {
            let places = addresses.map(\.description).joined(separator: ", ")
            throw NodeFailure.cannotListen(for: "peers", at: places, error)
        }
    }
}
