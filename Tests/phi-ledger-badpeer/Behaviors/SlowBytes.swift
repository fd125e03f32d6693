import PhiWire

/// Sends a message so slowly that it never comes.
struct SlowBytes: Behavior {
    static let number = 5
    static let name = "slow-bytes"
    static let summary = "sends one byte in 10 seconds"

    var greets: Bool { false }

    func speak(to victim: Victim) async throws {
        let body = Message.hello(victim.hello()).encodedBody()
        for byte in Victim.frame(type: MessageType.hello.rawValue, body: body) {
            try await victim.write([byte])
            try await victim.pause(milliseconds: 10_000)
        }
    }
}
