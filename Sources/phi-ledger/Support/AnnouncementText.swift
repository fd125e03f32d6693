import PhiAPI
import PhiCrypto
import PhiDaemon
import PhiLedger

extension Daemon.Announcement {
    /// The announcement for programs, such as a script that started the node.
    func json(_ configuration: Configuration) -> JSON {
        [
            "network": .string(configuration.network.name), "chain": .string(chain.hex),
            "identity": .string(identity.hex), "listen": .array(peers.map(JSON.string)),
            "rpc": .string(rpc), "data": .string(configuration.dataFolder),
        ]
    }

    /// The announcement for people.
    func text(_ configuration: Configuration) -> String {
        """
        The node runs on the network “\(configuration.network.name)”.
          identity  \(identity.hex)
          peers     \(peers.joined(separator: ", "))
          rpc       \(rpc)
          data      \(configuration.dataFolder)
        """
    }
}
