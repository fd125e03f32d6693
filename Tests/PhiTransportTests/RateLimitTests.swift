import Testing

@testable import PhiTransport

@Suite("A leaky bucket") struct LeakyBucketTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("lets bytes through one after another at its rate, with a little slack at first")
    func rate() {
        var bucket = LeakyBucket(bytesPerSecond: 1_000)
        let now = 10 * Self.second
        #expect(bucket.book(100, at: now) == now)
        #expect(bucket.book(100, at: now) == now)
        #expect(bucket.book(1_000, at: now) == now + Self.second / 10)
        #expect(bucket.book(1, at: now) == now + Self.second / 10 * 11)
        #expect(bucket.book(0, at: now) == now + Self.second / 1_000 * 1_101)
    }

    @Test("makes up for no more rest than its slack")
    func rest() {
        var bucket = LeakyBucket(bytesPerSecond: 1_000)
        #expect(bucket.book(5_000, at: 0) == 0)
        let later = 1_000 * Self.second
        #expect(bucket.book(100, at: later) == later)
        #expect(bucket.book(1, at: later) == later)
        #expect(bucket.book(1, at: later) == later + Self.second / 1_000)
    }

    @Test("passes the same bytes in a given time however they are cut", arguments: [1, 7, 1_000])
    func slices(size: Int) {
        var bucket = LeakyBucket(bytesPerSecond: 50_000)
        let start = 5 * Self.second
        var passed = 0
        while bucket.book(size, at: start) <= start + Self.second { passed += size }
        #expect((54_000...56_000).contains(passed))
    }

    @Test("bears all numbers and a clock that is set back")
    func extremes() {
        var bucket = LeakyBucket(bytesPerSecond: 1)
        #expect(bucket.book(.max, at: 0) == 0)
        #expect(bucket.book(.max, at: 0) == .max)
        #expect(bucket.book(1, at: .max) == .max)
        #expect(bucket.book(-1, at: 5) == .max)
        var fast = LeakyBucket(bytesPerSecond: .max)
        #expect(fast.book(.max, at: .max) == .max)
        #expect(fast.book(.max, at: .max) == .max)
    }
}

@Suite("A limit that connections share", .timeLimit(.minutes(1))) struct RateLimitTests {
    @Test(
        "cuts slices of which fifty take about a second",
        arguments: [(0, 1_024), (32_768, 1_024), (480_000, 10_000), (.max, 65_536)]
            as [(UInt64, Int)]
    )
    func slices(rate: UInt64, size: Int) {
        #expect(RateLimit.slice(for: rate) == size)
    }

    @Test("ends its wait at once when the task is cancelled")
    func cancellation() async {
        let limit = RateLimit(bytesPerSecond: 1)
        let task = Task {
            try await limit.pass(1 << 40)
            try await limit.pass(1)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("delivers everything, in order, to each of several peers", arguments: [true, false])
    func order(limitsUploads: Bool) async throws {
        var policy = TransportPolicy()
        if limitsUploads {
            policy.uploadLimit = 4_000_000
        } else {
            policy.downloadLimit = 4_000_000
        }
        let server = try TestNode(1, policy: policy)
        let clients = try (2..<5).map { try TestNode($0, listens: false, policy: policy) }
        try await server.run { address in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in clients {
                    group.addTask {
                        try await client.run { _ in
                            _ = try await client.connect(to: address)
                            for number in 0..<20 {
                                let frame = try await client.next(\.received)
                                #expect(frame.type == UInt8(number))
                                #expect(frame.body.count == 20_000 + number)
                            }
                        }
                    }
                }
                for _ in clients {
                    let link = try await server.next(\.opened)
                    for number in 0..<20 {
                        let body = [UInt8](repeating: 1, count: 20_000 + number)
                        #expect(link.send(Frame(type: UInt8(number), body: body)))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("holds a peer's wishes back while answers wait, so that its queue does not overflow")
    func wishes() async throws {
        var policy = TransportPolicy()
        policy.uploadLimit = 8_000_000
        policy.sendQueueBytes = 400_000
        let (links, teller) = AsyncStream<PeerConnection>.makeStream()
        let (answers, answerTeller) = AsyncStream<Bool>.makeStream()
        let server = try TestNode(
            1,
            policy: policy,
            hears: { _ in
                for await link in links {
                    let body = [UInt8](repeating: 1, count: 290_000)
                    answerTeller.yield(link.send(Frame(type: 2, body: body)))
                    teller.yield(link)
                    return
                }
            }
        )
        let client = try TestNode(2, listens: false)
        try await server.run { address in
            try await client.run { _ in
                let out = try await client.connect(to: address)
                teller.yield(try await server.next(\.opened))
                for _ in 0..<6 { #expect(out.send(Frame(type: 1, body: [1]))) }
                for _ in 0..<6 { #expect(try await client.next(\.received).type == 2) }
            }
        }
        answerTeller.finish()
        for await isAccepted in answers { #expect(isAccepted) }
    }
}
