/// Sends messages of types that nobody knows.
struct UnknownMessages: Behavior {
    static let number = 9
    static let name = "unknown-messages"
    static let summary = "sends messages of unknown types as fast as the connection carries"

    func speak(to victim: Victim) async throws {
        let body = [UInt8](repeating: 0x55, count: 1_024)
        while true {
            for type in UInt8(0x80)...0xFF { try await victim.send(type: type, body: body) }
        }
    }
}
