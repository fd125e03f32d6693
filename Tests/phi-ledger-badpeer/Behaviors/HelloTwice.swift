import PhiWire

/// Greets again and again.
struct HelloTwice: Behavior {
    static let number = 7
    static let name = "hello-twice"
    static let summary = "greets a second time"

    func speak(to victim: Victim) async throws {
        try await victim.send(.hello(victim.hello()))
    }
}
