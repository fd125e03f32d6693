/// What all connections of a node may send and receive in a second.
struct TransferLimits: Sendable {
    /// The limit of what goes out, if there is one.
    let uploads: RateLimit?
    /// The limit of what comes in, if there is one.
    let downloads: RateLimit?

    private let calmBytes: Int

    /// The limits that a policy sets.
    init(policy: TransportPolicy) {
        uploads = policy.uploadLimit.map { RateLimit(bytesPerSecond: $0) }
        downloads = policy.downloadLimit.map { RateLimit(bytesPerSecond: $0) }
        calmBytes = policy.sendQueueBytes / 4
    }

    /// The largest buffer to write at once.
    var sliceBytes: Int { uploads?.sliceBytes ?? TransportPolicy.sliceBytes }

    /// Waits until a frame that came may be handed over.
    ///
    /// Where uploads are limited a peer's next wish waits until most of the answers to the last
    /// ones are out: otherwise an honest peer that asks would fill its own queue and be dropped.
    func awaitTurn(of frame: Frame, on connection: PeerConnection) async throws {
        try await downloads?.pass(frame.wireByteCount)
        guard uploads != nil else { return }
        let end = ContinuousClock.now.advanced(by: TransportPolicy.drainTimeout)
        while connection.waitingBytes > calmBytes, .now < end, connection.outbox.departure == nil {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
