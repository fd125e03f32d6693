import PhiTesting

/// Sends noise where a greeting is due, inside TLS or instead of it.
struct GarbageBeforeHello: Behavior {
    static let number = 1
    static let name = "garbage-before-hello"
    static let summary = "sends random bytes instead of a greeting, inside TLS"

    var greets: Bool { false }

    func speak(to victim: Victim) async throws {
        var chance = victim.chance
        while true {
            try await victim.write(chance.bytes(4_096))
            try await victim.pause(milliseconds: 20)
        }
    }
}
