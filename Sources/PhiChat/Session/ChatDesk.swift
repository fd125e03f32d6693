import PhiAPI
import PhiCrypto
import PhiLedger

/// The chat as one person has it before them: events in, the view and wishes out.
///
/// It waits for nothing and draws nothing, so that every turn of a chat can be tried without a
/// terminal or a node.
struct ChatDesk: Sendable {
    /// What is to be done because of an event.
    enum Action: Equatable, Sendable {
        /// Something is written into the meeting.
        case say(draft: UInt64, String)
        /// The author has a name from now on.
        case name(String)
        /// The minutes are signed by a member.
        case approve
        /// The host's signature may be due.
        case tend
        /// The members are listed.
        case listMembers
        /// The receipt of an entry is saved.
        case saveReceipt(Digest)
        /// The screen is painted whole.
        case repaint
        /// The program stops until it is told to go on.
        case suspend
        /// A pause tells whether an escape stands alone.
        case awaitPause
        /// The chat is over.
        case quit
        /// The chat is over, by a signal.
        case end(signal: Int32)
    }

    private static let namePrompt = "your name, or Enter for none> "

    private(set) var view: ChatView
    var size: ScreenSize
    let moment: @Sendable (Timestamp) -> Moment
    private let now: @Sendable () -> Timestamp
    private var keys = KeyReader()
    private var nextDraft: UInt64 = 1
    private var connection = "connecting"
    private var progress: String?
    private var isOpen = true
    /// The name to take once it is known which one the author has.
    private var wantedName: String?
    private var asksName: Bool
    private var hasNews = false
    /// Whether the next wish to leave is granted although messages wait.
    private var isWarned = false

    /// A chat that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - heading: The meeting's title and terms.
    ///   - log: Who the host is, and whose chat it is.
    ///   - byteLimit: Bytes of a message at most.
    ///   - name: The name to take; nil asks for one where the author has none.
    ///   - size: The terminal's size.
    ///   - moment: Tells day and time of day.
    ///   - now: The clock.
    init(
        heading: String,
        log: ChatLog,
        byteLimit: Int,
        name: String?,
        size: ScreenSize,
        moment: @escaping @Sendable (Timestamp) -> Moment,
        now: @escaping @Sendable () -> Timestamp
    ) {
        view = ChatView(heading: heading, log: log, editor: LineEditor(byteLimit: byteLimit))
        self.size = size
        self.moment = moment
        self.now = now
        wantedName = name
        asksName = name == nil
        showState()
    }

    /// The frame to paint.
    var frame: Frame { screen.frame(view) }

    /// Messages that no node has taken.
    var waitingCount: Int {
        view.log.items.count { $0.step == .queued }
    }

    private var screen: ChatScreen { ChatScreen(size: size, moment: moment) }

    /// Takes in an event and says what is to be done.
    mutating func handle(_ event: ChatEvent) -> [Action] {
        defer { showState() }
        switch event {
        case .terminal(.bytes(let bytes)):
            guard !bytes.isEmpty else { return [.quit] }
            let actions = keys.take(bytes).flatMap { press($0) }
            return keys.isWaiting ? actions + [.awaitPause] : actions
        case .terminal(.resized): return [.repaint]
        case .terminal(.ended(let signal)): return [.end(signal: signal)]
        case .paused:
            return keys.pause().map { press($0) } ?? []
        case .news(let news): return take(news)
        case .connection(let text): connection = text
        case .progress(let text): progress = text
        case .signed(let draft, let id):
            view.log.sign(draft, as: id)
        case .delivered(let status):
            view.log.update(.entry(status.entry)) { $0.take(status) }
        case .refused(let name, let reason):
            view.log.update(name) { $0.step = .refused(reason) }
        case .note(let text, let isFailure): note(text, isFailure: isFailure)
        case .page(let lines):
            view.page = lines
            view.scroll = 0
        }
        return []
    }

    private mutating func take(_ news: ChatNews) -> [Action] {
        let fresh = view.log.take(news.entries, hasMore: news.hasMore)
        for status in news.statuses {
            view.log.update(.entry(status.entry)) { $0.take(status) }
        }
        if let oldest = news.oldest {
            view.log.deepen(tip: news.tip, below: oldest.height, atLeast: oldest.step)
        }
        // What is being read stays where it is.
        if view.scroll > 0, view.page == nil {
            view.scroll += screen.height(of: fresh.count, view.log)
        }
        if news.wrongCount > 0 {
            note(
                "The node gave \(news.wrongCount) entries with wrong signatures; they are not "
                    + "shown. Use another node.",
                isFailure: true
            )
        }
        var actions: [Action] = []
        let isHost = view.log.me == view.log.host
        if isOpen, !news.isOpen {
            note(
                isHost
                    ? "The meeting has ended. Your signature under the minutes follows by itself."
                    : "The meeting has ended. Sign its minutes with /approve.",
                isFailure: false
            )
        }
        isOpen = news.isOpen
        if !isOpen, isHost { actions.append(.tend) }
        if !hasNews {
            hasNews = true
            actions += settleName()
        }
        return actions
    }

    /// Takes the wanted name, or asks for one, when it is known what the author is called.
    private mutating func settleName() -> [Action] {
        let given = view.log.givenName(of: view.log.me)
        asksName = asksName && given == nil && isOpen
        guard let wanted = wantedName, SafeText.name(wanted) != given, isOpen else { return [] }
        return takeName(wanted)
    }

    private mutating func takeName(_ name: String) -> [Action] {
        guard name.utf8.count <= 64 else {
            note("The name has \(name.utf8.count) bytes, 64 are possible.", isFailure: true)
            return []
        }
        return [.name(name)]
    }
}

extension ChatDesk {
    private mutating func press(_ key: Key) -> [Action] {
        view.note = nil
        if view.page != nil {
            guard key == .pageDown || key == .pageUp else {
                view.page = nil
                view.scroll = 0
                return key == .escape || key == .enter ? [] : press(key)
            }
        }
        if asksName, hasNews, key == .enter, view.editor.letters.isEmpty {
            asksName = false
            return []
        }
        switch view.editor.handle(key) {
        case .edited: return []
        case .finished(let line):
            guard asksName, hasNews else { return obey(line) }
            asksName = false
            return takeName(line)
        case .tooLong(let limit, let found):
            note(
                "The message would have \(found) bytes, \(limit) are possible; nothing was added.",
                isFailure: true
            )
            return []
        case .unhandled(let key): return pressOutside(key)
        }
    }

    private mutating func pressOutside(_ key: Key) -> [Action] {
        switch key {
        case .interrupt, .endOfInput: return leave()
        case .suspend: return [.suspend]
        case .redraw: return [.repaint]
        case .pageUp: scroll(by: max(1, screen.messageRows - 1))
        case .pageDown: scroll(by: -max(1, screen.messageRows - 1))
        default: break
        }
        return []
    }

    private mutating func scroll(by count: Int) {
        if let page = view.page {
            // A list is read downwards.
            let last = max(0, page.count - screen.messageRows)
            view.scroll = min(max(0, view.scroll - count), last)
        } else {
            let limit = count > 0 ? screen.scrollLimit(view.log) : .max
            view.scroll = min(max(0, view.scroll + count), limit)
        }
    }

    private mutating func obey(_ line: String) -> [Action] {
        switch ChatCommand(line) {
        case .help:
            view.page = ChatCommand.guide
            view.scroll = 0
        case .members: return [.listMembers]
        case .name(let name): return takeName(name)
        case .receipt(let number): return receipt(number)
        case .approve:
            guard !isOpen else {
                note(
                    "The meeting goes on; its minutes are signed when it has ended.",
                    isFailure: true
                )
                return []
            }
            return [.approve]
        case .quit: return leave()
        case .say(let text): return say(text)
        case .wrong(let reason): note(reason, isFailure: true)
        }
        return []
    }

    private mutating func say(_ text: String) -> [Action] {
        guard isOpen else {
            note("The meeting has ended and takes no more messages.", isFailure: true)
            view.editor.replace(with: text)
            return []
        }
        let draft = nextDraft
        nextDraft += 1
        view.log.add(ChatItem(draft: draft, text, by: view.log.me, at: now()))
        view.scroll = 0
        return [.say(draft: draft, text)]
    }

    private mutating func receipt(_ number: Int) -> [Action] {
        let messages = view.log.items.filter(\.isMessage)
        guard number <= messages.count else {
            note("There are \(messages.count) messages here.", isFailure: true)
            return []
        }
        let item = messages[messages.count - number]
        guard let id = item.id, item.place != nil else {
            note("That message is in no block yet, so it has no receipt.", isFailure: true)
            return []
        }
        return [.saveReceipt(id)]
    }

    private mutating func leave() -> [Action] {
        let waiting = waitingCount
        guard waiting > 0, !isWarned else { return [.quit] }
        isWarned = true
        note(
            "\(waiting) of your messages wait to be sent; leave once more to give them up.",
            isFailure: true
        )
        return []
    }

    private mutating func note(_ text: String, isFailure: Bool) {
        view.note = ChatView.Note(text: text, isFailure: isFailure)
    }

    private mutating func showState() {
        view.connection = progress.map { "\(connection); \($0)" } ?? connection
        view.prompt = asksName && hasNews ? Self.namePrompt : "> "
    }
}
