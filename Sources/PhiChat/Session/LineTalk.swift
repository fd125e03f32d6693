import PhiAPI
public import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// A chat without a screen: lines of text in, entries out.
public struct LineTalk: Sendable {
    /// A line of the input.
    public enum Line: Sendable {
        /// What it says.
        case text(String)
        /// It has more bytes than a message, so many.
        case tooLong(Int)
    }

    /// Lines, and what is told when one was used.
    public struct Input: Sendable {
        let lines: AsyncStream<Line>
        let isUsed: @Sendable () -> Void

        /// An input of lines that come one after another.
        public init(lines: AsyncStream<Line>, isUsed: @escaping @Sendable () -> Void) {
            self.lines = lines
            self.isUsed = isUsed
        }
    }

    private enum Event: Sendable {
        case news(ChatNews)
        case failed(String)
        case inputEnded
    }

    private static let eventLimit = 1_024

    private let participant: Participant
    private let meeting: Digest
    private let isPrivate: Bool

    /// A chat in a meeting that was joined.
    public init(in joined: JoinedMeeting, as participant: Participant) {
        self.participant = participant
        meeting = joined.meeting
        isPrivate = joined.isPrivate
    }

    /// Bytes of a message at most.
    public var byteLimit: Int {
        MessageRoom.bytes(
            isPrivate: isPrivate,
            payloadLimit: Int(participant.network.parameters.maximumPayloadBytes)
        )
    }

    /// Takes a name, unless the author has it already.
    public func take(name: String) async throws {
        let reader = try await participant.reader(of: meeting)
        let contents = try participant.keystore.contents()
        guard let kept = contents[meeting] else { return }
        let me = try Participant.author(of: kept, in: contents)
        var log = ChatLog(host: reader.host, me: me)
        log.take(try await feed { _ in }.once().entries)
        guard log.givenName(of: me) != SafeText.name(name) else { return }
        let post = ChatPost(participant: participant, meeting: meeting) { _ in }
        try await post.write(.profile(Profile(name: name)))
    }

    /// Writes each line and shows each entry, until the input ends.
    ///
    /// - Parameters:
    ///   - input: The lines.
    ///   - goesOn: Whether entries are shown after the end of the input too.
    ///   - show: Takes each entry once, in their order.
    ///   - fail: Takes a sentence for each line that was not sent.
    /// - Returns: How many lines were not sent.
    /// - Throws: Why the meeting cannot be read, or that the task was canceled.
    public func run(
        _ input: Input,
        goesOn: Bool,
        show: (ReadEntry) -> Void,
        fail: (String) -> Void
    ) async throws -> Int {
        var shown: Set<Digest> = []
        func take(_ news: ChatNews) {
            for entry in news.entries where shown.insert(entry.document.id).inserted { show(entry) }
        }
        take(try await feed { _ in }.once())
        let (events, event) = AsyncStream.makeStream(
            of: Event.self,
            bufferingPolicy: .bufferingOldest(Self.eventLimit)
        )
        let failures = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await feed { if case .news(let news) = $0 { event.yield(.news(news)) } }.run()
            }
            group.addTask {
                await write(input) { event.yield(.failed($0)) }
                event.yield(.inputEnded)
            }
            var failures = 0
            loop: for await event in events {
                switch event {
                case .news(let news): take(news)
                case .failed(let reason):
                    failures += 1
                    fail(reason)
                case .inputEnded:
                    if !goesOn { break loop }
                }
            }
            group.cancelAll()
            return failures
        }
        try Task.checkCancellation()
        take(try await feed { _ in }.once())
        return failures
    }

    private func feed(_ tell: @escaping @Sendable (ChatEvent) -> Void) -> ChatFeed {
        ChatFeed(participant: participant, meeting: meeting, tell: tell)
    }

    private func write(_ input: Input, _ fail: (String) -> Void) async {
        let post = ChatPost(participant: participant, meeting: meeting) { _ in }
        for await line in input.lines {
            switch line {
            case .text(let text) where text.isEmpty: break
            case .text(let text):
                do { try await post.write(.text(text)) } catch is CancellationError {
                    return
                } catch { fail(ChatFeed.sentence(error)) }
            case .tooLong(let count):
                fail("A line has \(count) bytes, \(byteLimit) are possible; it was left out.")
            }
            input.isUsed()
        }
    }
}
