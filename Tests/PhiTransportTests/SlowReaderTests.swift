import PhiCrypto
import PhiTransport
import Testing

@Suite("A peer that does not listen", .timeLimit(.minutes(1))) struct SlowReaderTests {
    @Test("fills its outbox, is bounded, and gets all that was accepted once it listens")
    func slowReader() async throws {
        let budget = 262_144
        var policy = TransportPolicy()
        policy.sendQueueBytes = budget
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let deaf = try TestNode(1, hears: { _ in for await _ in gate {} })
        let speaker = try TestNode(2, listens: false, policy: policy)
        try await deaf.run { address in
            try await speaker.run { _ in
                let link = try await speaker.connect(to: address)
                let body = [UInt8](repeating: 1, count: 16_384)
                var accepted = 0
                var refusals = 0
                // Far more than sockets hold; a queue without a bound would take all of it.
                for attempt in 0..<20_000 {
                    let isAccepted = link.send(Frame(type: UInt8(attempt % 251), body: body))
                    accepted += isAccepted ? 1 : 0
                    refusals += isAccepted ? 0 : 1
                    #expect(link.waitingBytes <= budget)
                    await Task.yield()
                }
                #expect(refusals > 0)
                #expect(accepted * body.count < 33_554_432)
                opener.finish()
                for _ in 0..<accepted { #expect(try await deaf.next(\.received).body == body) }
                link.close(reason: "done")
                #expect(try await deaf.next(\.closed) == .closedByPeer)
            }
        }
    }

    @Test("is dropped without waiting for it")
    func dropped() async throws {
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let deaf = try TestNode(1, hears: { _ in for await _ in gate {} })
        let speaker = try TestNode(2, listens: false)
        try await deaf.run { address in
            try await speaker.run { _ in
                let link = try await speaker.connect(to: address)
                let frame = Frame(type: 1, body: [UInt8](repeating: 1, count: 500_000))
                for _ in 0..<2000 {
                    _ = link.send(frame)
                    await Task.yield()
                }
                link.close(reason: "does not listen")
                let departure = try await speaker.next(\.closed)
                #expect(departure == .closedHere(reason: "does not listen"))
                opener.finish()
            }
        }
    }
}
