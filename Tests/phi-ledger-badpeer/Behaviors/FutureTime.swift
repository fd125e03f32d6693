import PhiLedger
import PhiWire

/// Sends a header from the future, again and again until its time has come.
struct FutureTime: Behavior {
    static let number = 28
    static let name = "future-time"
    static let summary = "sends a header of too late a time until that time has come"

    func speak(to victim: Victim) async throws {
        while true {
            var branch = try await victim.chain()
            let height = branch.height
            let limit = UInt64(victim.network.parameters.futureLimit)
            try branch.append(time: Timestamp.now.adding(milliseconds: limit + 1_500))
            for _ in 0..<20 {
                try await victim.announce(branch, after: height)
                try await victim.pause(milliseconds: 100)
            }
        }
    }
}
