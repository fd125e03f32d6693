import PhiLedger
import PhiWire

/// Pings as fast as the connection carries.
struct PingFlood: Behavior {
    static let number = 8
    static let name = "ping-flood"
    static let summary = "pings as fast as the connection carries"

    func speak(to victim: Victim) async throws {
        let ping = Ping(nonce: 7, tip: victim.hello().tip)
        let frame = Victim.frame(
            type: MessageType.ping.rawValue,
            body: Message.ping(ping).encodedBody()
        )
        let many = (0..<256).flatMap { _ in frame }
        while true { try await victim.write(many) }
    }
}
