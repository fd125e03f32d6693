import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// Looks at a meeting again and again: whenever the node tells of something, and each some seconds.
struct ChatFeed: Sendable {
    /// Entries of one page.
    private static let pageSize = 100
    /// Entries that are read at the first look.
    private static let firstReach = 500
    /// Blocks below the last tip that are read again, since a reorganization may change them.
    private static let overlap: UInt32 = 64
    /// Entries that are watched at most.
    private static let watchLimit = 2_000
    /// Entries whose fate is asked for one by one in one look.
    private static let lostLimit = 50
    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(15)
    /// How long a node may be silent before it is asked whether it is there.
    private static let patience = Duration.seconds(5)

    let participant: Participant
    let meeting: Digest
    let tell: @Sendable (ChatEvent) -> Void

    private var node: NodeClient { participant.node }

    /// What is known of the meeting from one look to the next.
    private struct State {
        var reader: MeetingReader?
        var hosted: Set<Digest> = []
        var sealed: [Digest: EntryDocument] = [:]
        /// The height up to which nothing new is expected; nil before the first look.
        var horizon: Height?
        /// Entries that were seen and are not deep, with where they were.
        var watched: [Digest: BlockPlace?] = [:]
    }

    init(
        participant: Participant,
        meeting: Digest,
        tell: @escaping @Sendable (ChatEvent) -> Void
    ) {
        self.participant = participant
        self.meeting = meeting
        self.tell = tell
    }

    /// Looks until the task is canceled; a node that is away is tried again and again.
    func run() async {
        var state = State()
        var pause = Self.firstPause
        while !Task.isCancelled {
            do {
                try await look(&state)
                pause = Self.firstPause
                tell(.connection("live"))
                try await follow(&state)
            } catch is CancellationError {
                return
            } catch {
                guard !Task.isCancelled else { return }
                tell(.connection("offline, trying again: \(Self.sentence(error))"))
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Looks once; for those who want the history and nothing else.
    func once() async throws -> ChatNews {
        var state = State()
        return try await news(&state)
    }

    /// A failure as a sentence.
    static func sentence(_ error: any Error) -> String {
        switch error {
        case let failure as ClientFailure: failure.description
        case let failure as ParticipantFailure: failure.description
        case let failure as KeystoreFailure: failure.description
        default: "\(error)"
        }
    }

    /// Looks whenever something happened, until the node is away.
    private func follow(_ state: inout State) async throws {
        let (changes, change) = AsyncThrowingStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for topic in [Topic.meeting(meeting), .blocks] {
                group.addTask {
                    do { try await listen(to: topic) { change.yield() } } catch {
                        change.finish(throwing: error)
                    }
                }
            }
            group.addTask {
                // A connection that is dead without a word is found out by this.
                do {
                    while true {
                        try await Task.sleep(for: Self.patience)
                        _ = try await node.tip()
                    }
                } catch { change.finish(throwing: error) }
            }
            defer { group.cancelAll() }
            for try await _ in changes { try await look(&state) }
        }
    }

    private func listen(to topic: Topic, _ changed: () -> Void) async throws {
        try await LiveEvents(of: topic, at: node).listen(
            onConnect: { changed() },
            { _ in
                changed()
                return .more
            }
        )
    }

    private func look(_ state: inout State) async throws {
        tell(.news(try await news(&state)))
    }
}

extension ChatFeed {
    private func news(_ state: inout State) async throws -> ChatNews {
        if state.reader == nil { state.reader = try await participant.reader(of: meeting) }
        var news = ChatNews()
        news.tip = try await node.tip().height
        let page = try await newest(above: state.horizon)
        news.hasMore = page.hasMore
        news.isOpen = try await isOpen()
        try await renewReader(&state, page.documents)
        guard let reader = state.reader else { return news }
        var documents = page.documents
        let again = state.sealed.values.sorted { $0.id < $1.id }
        documents.append(
            contentsOf: again.filter { old in
                !documents.contains { $0.id == old.id }
            }
        )
        for document in documents {
            do {
                let read = try reader.read(document)
                news.entries.append(read)
                if case .sealed = read.reading {
                    state.sealed[document.id] = document
                } else {
                    state.sealed[document.id] = nil
                }
            } catch { news.wrongCount += 1 }
        }
        if let first = page.documents.first(where: { $0.status?.place != nil })?.status,
            let place = first.place
        {
            news.oldest = (place.height, first.status)
        }
        news.statuses = try await lost(&state, page.documents, from: news.oldest?.height)
        state.horizon = news.tip.lowered(by: Self.overlap)
        return news
    }

    /// The newest entries in their order, back to a height, or as many as a first look reads.
    private func newest(
        above horizon: Height?
    ) async throws -> (documents: [EntryDocument], hasMore: Bool) {
        var query = HistoryQuery()
        query.direction = .backward
        query.includesPending = true
        query.limit = Self.pageSize
        let limit = horizon == nil ? Self.firstReach : ChatLog.limit
        var recorded: [EntryDocument] = []
        var pending: [EntryDocument] = []
        repeat {
            let found = try await node.ifKnown { try await node.history(of: meeting, query) }
            guard let page = found else { return (pending, false) }
            if query.cursor == nil { pending = page.pending }
            recorded.append(contentsOf: page.entries)
            query.cursor = page.next
            let lowest = page.entries.last?.status?.place?.height
            if let horizon, let lowest, lowest < horizon { break }
        } while query.cursor != nil && recorded.count < limit
        // An entry that was recorded between two pages comes once.
        var seen: Set<Digest> = []
        let documents = (recorded.reversed() + pending).filter { seen.insert($0.id).inserted }
        return (documents, query.cursor != nil && horizon == nil)
    }

    private func isOpen() async throws -> Bool {
        try await node.ifKnown { try await node.meeting(meeting).isOpen } ?? true
    }

    /// Makes the reader anew when the host wrote something that may bring a new secret.
    private func renewReader(_ state: inout State, _ documents: [EntryDocument]) async throws {
        guard let reader = state.reader, reader.epochs != nil else { return }
        let hosted = documents.filter { $0.entry.author == reader.host }.map(\.id)
        guard !state.hosted.isSuperset(of: hosted) else { return }
        state.reader = try await participant.reader(of: meeting)
        state.hosted.formUnion(hosted)
    }

    /// What became of entries that are not where they were seen before.
    private func lost(
        _ state: inout State,
        _ documents: [EntryDocument],
        from height: Height?
    ) async throws -> [EntryStatusDocument] {
        let here = Set(documents.map(\.id))
        let missing = state.watched.filter { id, place in
            guard !here.contains(id) else { return false }
            return place.map { $0.height >= height ?? .genesis } ?? true
        }
        var found: [EntryStatusDocument] = []
        for id in missing.keys.sorted().prefix(Self.lostLimit) {
            let status = try await node.status(of: id)
            found.append(status)
            state.watched[id] = status.status == .expired ? nil : .some(status.place)
        }
        for document in documents where document.status?.status != .deep {
            state.watched[document.id] = .some(document.status?.place)
        }
        for document in documents where document.status?.status == .deep {
            state.watched[document.id] = nil
        }
        if state.watched.count > Self.watchLimit { state.watched = [:] }
        return found
    }
}
