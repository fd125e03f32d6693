import PhiAPI
public import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// What a chat needs to know of the world beside meeting and node.
public struct ChatSettings: Sendable {
    /// The name to take; nil asks for one.
    public var name: String?
    /// Whether the screen may have colors.
    public var hasStyle = true
    /// Keeps a receipt under a name and says where.
    public var save: @Sendable (_ name: String, _ bytes: [UInt8]) throws -> String

    /// Settings that keep receipts by a closure.
    public init(
        name: String? = nil,
        save: @escaping @Sendable (_ name: String, _ bytes: [UInt8]) throws -> String
    ) {
        self.name = name
        self.save = save
    }
}

/// A chat on the terminal of this process.
public struct Chat: Sendable {
    /// Events that wait to be handled at most; keys beyond them are lost.
    private static let eventLimit = 65_536
    /// How long an escape may wait for the rest of its sequence.
    private static let escapePause = Duration.milliseconds(60)
    private static let memberLimit = 1_000

    private let participant: Participant
    private let joined: JoinedMeeting
    private let progress: ChatProgress
    private let settings: ChatSettings

    /// Whether a person sits before both streams of this process.
    public static var isPossible: Bool { RawTerminal.isThere }

    /// A chat in a meeting that was joined.
    ///
    /// - Parameters:
    ///   - joined: The meeting.
    ///   - participant: Who takes part.
    ///   - progress: What the participant tells its steps to.
    ///   - settings: The rest.
    public init(
        in joined: JoinedMeeting,
        as participant: Participant,
        progress: ChatProgress,
        settings: ChatSettings
    ) {
        self.joined = joined
        self.participant = participant
        self.progress = progress
        self.settings = settings
    }

    /// Talks until the person leaves.
    ///
    /// - Returns: How many messages no node has taken.
    /// - Throws: Why there is nothing to talk in.
    public func run() async throws -> Int {
        var desk = try await desk()
        let (events, event) = AsyncStream.makeStream(
            of: ChatEvent.self,
            bufferingPolicy: .bufferingOldest(Self.eventLimit)
        )
        let (wishes, wish) = AsyncStream.makeStream(of: ChatWish.self)
        let tell: @Sendable (ChatEvent) -> Void = { event.yield($0) }
        progress.redirect { tell(.progress($0)) }
        defer { progress.redirect(nil) }
        let meeting = joined.meeting
        let feed = ChatFeed(participant: participant, meeting: meeting, tell: tell)
        let post = ChatPost(participant: participant, meeting: meeting, tell: tell)
        RawTerminal.enter()
        defer { RawTerminal.leave() }
        let terminal = TerminalEvents { tell(.terminal($0)) }
        let signal = await withTaskGroup(of: Void.self) { group in
            group.addTask { await feed.run() }
            group.addTask { await post.run(wishes) }
            var painter = Painter(hasStyle: settings.hasStyle)
            RawTerminal.write(painter.paint(desk.frame))
            var ending: Int32?
            loop: for await event in events {
                for action in desk.handle(event) {
                    switch action {
                    case .say(let draft, let text): wish.yield(.say(draft: draft, text))
                    case .name(let name): wish.yield(.name(name))
                    case .approve: wish.yield(.approve)
                    case .tend: wish.yield(.tend)
                    case .listMembers:
                        let log = desk.view.log
                        group.addTask { await listMembers(log, tell) }
                    case .saveReceipt(let id): group.addTask { await saveReceipt(id, tell) }
                    case .repaint: painter.forget()
                    case .suspend:
                        RawTerminal.suspend()
                        painter.forget()
                    case .awaitPause:
                        group.addTask {
                            try? await Task.sleep(for: Self.escapePause)
                            tell(.paused)
                        }
                    case .quit: break loop
                    case .end(let signal):
                        ending = signal
                        break loop
                    }
                }
                desk.size = RawTerminal.size
                RawTerminal.write(painter.paint(desk.frame))
            }
            wish.finish()
            group.cancelAll()
            return ending
        }
        withExtendedLifetime(terminal) {}
        if let signal { RawTerminal.end(by: signal) }
        try Task.checkCancellation()
        return desk.waitingCount
    }

    private func desk() async throws -> ChatDesk {
        let reader = try await participant.reader(of: joined.meeting)
        let terms = reader.terms
        let title = reader.title ?? "a meeting whose title you cannot read"
        let reading = terms.reading == .everyone ? "public" : "private"
        return ChatDesk(
            heading: "\(title) (\(reading), \(participant.network.name))  /help",
            log: ChatLog(host: reader.host, me: joined.author),
            byteLimit: MessageRoom.bytes(
                isPrivate: terms.reading != .everyone,
                payloadLimit: Int(participant.network.parameters.maximumPayloadBytes)
            ),
            name: settings.name,
            size: RawTerminal.size,
            moment: LocalClock.moment,
            now: { WallClock.now }
        )
    }

    private func listMembers(_ log: ChatLog, _ tell: @Sendable (ChatEvent) -> Void) async {
        do {
            let members = try await participant.node.allMembers(of: joined.meeting)
            let lines = members.prefix(Self.memberLimit).map { member in
                let sign = member.state == .host ? "@" : " "
                let state = member.state == .revoked ? ", shut out" : ""
                let approved = member.hasApproved ? ", signed the minutes" : ""
                return "\(sign)\(log.name(of: member.author))  \(member.author.hex.prefix(12))  "
                    + "\(member.entries) entries\(state)\(approved)"
            }
            let more =
                members.count > Self.memberLimit ? ["and more: phi-ledger meeting members"] : []
            tell(.page(["\(members.count) members; Escape goes back"] + lines + more))
        } catch { tell(.note(ChatFeed.sentence(error), isFailure: true)) }
    }

    private func saveReceipt(_ id: Digest, _ tell: @Sendable (ChatEvent) -> Void) async {
        do {
            let receipt = try await participant.node.receipt(of: id)
            let name = "receipt-\(id.hex.prefix(12)).txt"
            let place = try settings.save(name, Array(receipt.receipt.utf8))
            tell(.note("The receipt is in \(place).", isFailure: false))
        } catch { tell(.note(ChatFeed.sentence(error), isFailure: true)) }
    }
}
