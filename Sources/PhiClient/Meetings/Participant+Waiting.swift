public import PhiAPI
public import PhiCrypto
import PhiLedger

extension Participant {
    /// Waits until an entry has reached a step of the ladder.
    ///
    /// - Parameters:
    ///   - id: The entry.
    ///   - step: `pending`, `recorded`, `settled` or `deep`.
    ///   - patience: How long to wait.
    /// - Returns: The status that was wanted, or a higher one.
    /// - Throws: `waitedTooLong` with the last status, or `expired`.
    public func wait(
        for id: Digest,
        until step: DeliveryStep,
        patience: Duration
    ) async throws -> EntryStatusDocument {
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        let pause = min(
            Duration.seconds(1),
            max(.milliseconds(100), .milliseconds(Int64(network.parameters.blockInterval) / 8))
        )
        var last: EntryStatusDocument?
        while true {
            let status = try await node.status(of: id)
            if status != last { observe(.reached(status)) }
            last = status
            if status.status.rank >= step.rank { return status }
            if status.status == .expired { throw ParticipantFailure.expired(id) }
            guard clock.now + pause < deadline else {
                throw ParticipantFailure.waitedTooLong(status, wanted: step)
            }
            try await Task.sleep(for: pause)
        }
    }
}

extension DeliveryStep {
    /// The place on the ladder; steps off the ladder are below it.
    var rank: Int {
        switch self {
        case .unknown, .expired: -1
        case .sending: 0
        case .returned, .pending: 1
        case .recorded: 2
        case .settled: 3
        case .deep: 4
        }
    }
}
