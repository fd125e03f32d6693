import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiTesting
import Synchronization
import Testing

@testable import PhiDaemon
@testable import PhiNode

@Suite("Live events") struct LedgerEventsTests {
    /// A subscriber that keeps what it hears.
    final class Listener: Sendable {
        struct State {
            var events: [PublishedEvent] = []
            var hasEnded = false
            var room = Int.max
        }

        let state = Mutex(State())

        var events: [PublishedEvent] { state.withLock { $0.events } }
        var hasEnded: Bool { state.withLock { $0.hasEnded } }

        func documents() throws -> [LedgerEventDocument] {
            try events.map { try LedgerEventDocument(parsing: $0.json) }
        }

        /// The entries heard of, with where they stand.
        func steps() throws -> [(Digest, DeliveryStep?)] {
            try documents().compactMap { document in
                switch document {
                case .entry(let entry): (entry.id, entry.status?.status)
                case .status(let status): (status.entry, status.status)
                default: nil
                }
            }
        }
    }

    private func listen(
        _ fixture: BackendFixture,
        _ topic: Topic,
        after cursor: String? = nil,
        room: Int = .max
    ) async throws -> Listener {
        let listener = Listener()
        listener.state.withLock { $0.room = room }
        let replay = try await fixture.events.open(topic, after: cursor, node: fixture.node)
        fixture.events.start(
            replay,
            sink: { event in
                listener.state.withLock { state in
                    guard state.events.count < state.room else { return false }
                    state.events.append(event)
                    return true
                }
            },
            end: { listener.state.withLock { $0.hasEnded = true } }
        )
        return listener
    }

    private func publish(_ fixture: BackendFixture, _ notice: LedgerNotice) {
        fixture.events.publish([notice])
        fixture.events.process([notice], node: fixture.node)
    }

    @Test("reach the topics that they are about, encoded once")
    func topics() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        var ben = TestAuthor("ben", on: fixture.network)
        let open = ann.open()
        let other = ben.open()
        let blocks = try await listen(fixture, .blocks)
        let meeting = try await listen(fixture, .meeting(open.id))
        let author = try await listen(fixture, .author(ann.key))
        let entry = try await listen(fixture, .entry(open.id))
        publish(fixture, try fixture.pool(open))
        publish(fixture, try fixture.add([open, other]))
        for listener in [meeting, author, entry] {
            let steps = try listener.steps()
            #expect(steps.map(\.0) == [open.id, open.id])
            #expect(steps.map(\.1) == [.pending, .recorded])
            #expect(listener.events == meeting.events)
        }
        let tip = fixture.ledger.tip
        #expect(try blocks.documents() == [.connected(HeaderDocument(tip.header))])
    }

    @Test("tell of returned, dropped and settled entries")
    func fates() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let open = ann.open()
        let entry = try await listen(fixture, .entry(open.id))
        let blocks = try await listen(fixture, .blocks)
        publish(fixture, try fixture.add([open]))
        publish(fixture, try fixture.takeBack())
        let pooled = try fixture.pool(open)
        publish(fixture, pooled)
        if case .pooled(let value) = pooled { publish(fixture, .dropped(value, .evicted)) }
        fixture.world.state.withLock { $0.pool = [] }
        publish(fixture, try fixture.add([open]))
        for _ in 0..<60 { publish(fixture, try fixture.add()) }
        let steps = try entry.steps()
        #expect(
            steps.map(\.1) == [.recorded, .returned, .pending, .recorded, .settled, .deep]
        )
        #expect(
            try entry.documents().contains(.dropped(entry: open.id, reason: "evicted"))
        )
        #expect(blocks.events.count == 63)
        #expect(fixture.events.fate(of: open.id) == nil)
    }

    /// A chain with many entries of one meeting, heard live from the start.
    private func history(
        _ fixture: BackendFixture,
        blocks: Int
    ) async throws -> (meeting: Digest, live: Listener) {
        var ann = TestAuthor("ann", on: fixture.network)
        let open = ann.open()
        let live = try await listen(fixture, .meeting(open.id))
        publish(fixture, try fixture.add([open]))
        for round in 0..<blocks {
            ann.see(fixture.chain.tip)
            publish(
                fixture,
                try fixture.add([
                    ann.message("\(round)", in: open.id), ann.message("+", in: open.id),
                ])
            )
        }
        return (open.id, live)
    }

    @Test("go on after any cursor, even in a hub that was started anew")
    func resume() async throws {
        let fixture = try BackendFixture()
        let (meeting, live) = try await history(fixture, blocks: 6)
        let all = live.events
        #expect(all.count == 13)
        let fresh = LedgerEvents(network: fixture.network)
        for (index, event) in all.enumerated() {
            let replay = try await fresh.open(
                .meeting(meeting),
                after: event.cursor,
                node: fixture.node
            )
            #expect(replay.events.map(\.cursor) == all[(index + 1)...].map(\.cursor))
            #expect(replay.isWhole)
            fresh.leave(replay.number)
        }
    }

    @Test("of blocks go on after any block")
    func blocks() async throws {
        let fixture = try BackendFixture()
        let live = try await listen(fixture, .blocks)
        for _ in 0..<5 { publish(fixture, try fixture.add()) }
        let again = try await listen(fixture, .blocks, after: live.events[1].cursor)
        #expect(again.events.map(\.cursor) == live.events[2...].map(\.cursor))
        publish(fixture, try fixture.add())
        #expect(again.events.count == 4)
        #expect(live.events.count == 6)
    }

    @Test("come once, also to those who catch up while a block comes")
    func overlap() async throws {
        let fixture = try BackendFixture()
        let (meeting, live) = try await history(fixture, blocks: 2)
        let first = live.events[0].cursor
        var ann = TestAuthor("ben", on: fixture.network)
        let late = try fixture.add([ann.message("late", in: meeting)])
        let replay = try await fixture.events.open(
            .meeting(meeting),
            after: first,
            node: fixture.node
        )
        // The block was in the replay; its notice comes only now.
        fixture.events.process([late], node: fixture.node)
        let heard = Listener()
        fixture.events.start(
            replay,
            sink: { event in
                heard.state.withLock { $0.events.append(event) }
                return true
            },
            end: {}
        )
        #expect(heard.events.count == 5)
        publish(fixture, try fixture.add([ann.message("later", in: meeting)]))
        #expect(heard.events.count == 6)
    }

    @Test("start anew where the cursor's block is gone")
    func reset() async throws {
        let fixture = try BackendFixture()
        let (meeting, live) = try await history(fixture, blocks: 2)
        let last = try #require(live.events.last).cursor
        try fixture.takeBack()
        for delay in [1_500, 1_700] { fixture.chain.append(delay: UInt64(delay)) }
        let other = fixture.chain.blocks.suffix(2)
        for block in other {
            try fixture.store.commit(
                try fixture.ledger.connect(block.header, entries: []),
                durable: false
            )
        }
        let again = try await listen(fixture, .meeting(meeting), after: last)
        let documents = try again.documents()
        #expect(documents.count == 1)
        guard case .reset? = documents.first else {
            Issue.record("the stream does not begin with a reset")
            return
        }
        let next = try await listen(fixture, .meeting(meeting), after: again.events[0].cursor)
        #expect(next.events.isEmpty)
        #expect(!next.hasEnded)
    }

    @Test(
        "are refused after a cursor that no event had",
        arguments: [
            "", "x", "p010203040506", "p010203040506.00",
            "p01020304050g.00000000000000000000000000000000",
        ]
    )
    func malformed(text: String) async throws {
        let fixture = try BackendFixture()
        await #expect(throws: APIError.badCursor) {
            try await fixture.events.open(.blocks, after: text, node: fixture.node)
        }
        #expect(fixture.events.state.withLock { $0.subscribers.isEmpty })
    }

    @Test("end for who does not keep up, and nothing of it stays")
    func slow() async throws {
        let fixture = try BackendFixture()
        let slow = try await listen(fixture, .blocks, room: 2)
        let quick = try await listen(fixture, .blocks)
        for _ in 0..<4 { publish(fixture, try fixture.add()) }
        #expect(slow.events.count == 2)
        #expect(slow.hasEnded)
        #expect(quick.events.count == 4)
        #expect(fixture.events.state.withLock { $0.subscribers.count } == 1)
        let again = try await listen(fixture, .blocks, after: slow.events[1].cursor)
        #expect(again.events.map(\.cursor) == quick.events[2...].map(\.cursor))
    }

    @Test("of a long absence come in parts")
    func longReplay() async throws {
        let fixture = try BackendFixture()
        let live = try await listen(fixture, .blocks)
        publish(fixture, try fixture.add())
        let first = live.events[0].cursor
        fixture.events.leave(1)
        for _ in 0..<(LedgerEvents.replayLimit + 5) { try fixture.add() }
        let part = try await fixture.events.open(.blocks, after: first, node: fixture.node)
        #expect(part.events.count == LedgerEvents.replayLimit)
        #expect(!part.isWhole)
        let last = try #require(part.events.last).cursor
        let rest = try await fixture.events.open(.blocks, after: last, node: fixture.node)
        #expect(rest.events.count == 5)
        #expect(rest.isWhole)
    }

    @Test("leave nothing behind for a stream that is full or let go")
    func streams() async throws {
        let fixture = try BackendFixture()
        let stream = await fixture.events.subscribe(.blocks, after: nil, node: fixture.node)
        #expect(fixture.events.state.withLock { $0.subscribers.count } == 1)
        let notice = try fixture.add()
        for _ in 0..<300 { fixture.events.process([notice], node: fixture.node) }
        // The first block comes after the subscription, so each of its notices is told.
        #expect(fixture.events.state.withLock { $0.subscribers.isEmpty })
        withExtendedLifetime(stream) {}
        _ = await fixture.events.subscribe(.blocks, after: nil, node: fixture.node)
        #expect(fixture.events.state.withLock { $0.subscribers.isEmpty })
        #expect(fixture.events.state.withLock { $0.followers.isEmpty })
    }

    @Test("are handed out by the running hub until it is finished")
    func running() async throws {
        let fixture = try BackendFixture()
        let listener = try await listen(fixture, .blocks)
        for _ in 0..<3 { fixture.events.publish([try fixture.add()]) }
        fixture.events.finish()
        await fixture.events.run(node: fixture.node)
        #expect(listener.events.count == 3)
        #expect(listener.hasEnded)
    }
}
