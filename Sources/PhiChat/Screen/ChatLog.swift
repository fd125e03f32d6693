import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger

/// What is shown of a meeting: its lines in order, and what its authors are called.
struct ChatLog: Sendable {
    /// Lines that are kept; the oldest go first.
    static let limit = 5_000

    /// The meeting's host.
    let host: VerifyingKey
    /// The key that this person writes with.
    let me: VerifyingKey
    private(set) var items: [ChatItem] = []
    /// The lines above are not all that was ever said.
    private(set) var hasMore = false
    private var names: [VerifyingKey: String] = [:]
    private var places: [ChatItem.Name: Int] = [:]

    /// A meeting of which nothing is known yet.
    init(host: VerifyingKey, me: VerifyingKey) {
        self.host = host
        self.me = me
    }

    /// A line by its name.
    subscript(name: ChatItem.Name) -> ChatItem? { places[name].map { items[$0] } }

    /// Adds a message that was written here.
    mutating func add(_ draft: ChatItem) {
        places[draft.name] = items.count
        items.append(draft)
    }

    /// Says that a message became an entry, or where an own one stands.
    mutating func sign(_ draft: UInt64, as id: Digest) {
        guard let place = places.removeValue(forKey: .draft(draft)) else { return }
        if places[.entry(id)] != nil {
            // The entry came back from the node before the word that it was sent.
            items.remove(at: place)
            index()
        } else {
            items[place].name = .entry(id)
            places[.entry(id)] = place
        }
    }

    /// Says where a line stands.
    mutating func update(_ name: ChatItem.Name, _ change: (inout ChatItem) -> Void) {
        guard let place = places[name] else { return }
        change(&items[place])
    }

    /// Takes in entries as a node gave them, in their order.
    ///
    /// - Parameters:
    ///   - entries: Entries, the oldest first; those that are known are brought up to date.
    ///   - hasMore: Whether there are older ones.
    /// - Returns: The lines that are new.
    @discardableResult
    mutating func take(_ entries: [ReadEntry], hasMore: Bool = false) -> [ChatItem] {
        var fresh: [ChatItem] = []
        for read in entries {
            guard let item = ChatItem(read, for: me) else { continue }
            if let place = places[item.name] {
                items[place].take(read.document.status)
                if case .notice = items[place].body { items[place].body = item.body }
            } else {
                places[item.name] = items.count
                items.append(item)
                fresh.append(item)
            }
        }
        self.hasMore = self.hasMore || hasMore
        arrange()
        return fresh
    }

    /// Lines that a node may know more about: not deep, at this height or above, or in no block.
    func unsettled(above height: Height?) -> [ChatItem] {
        items.filter { item in
            guard item.id != nil else { return false }
            switch item.step {
            case .queued, .refused, .ladder(.deep), .ladder(.expired): return false
            default: break
            }
            guard let place = item.place else { return true }
            return height.map { place.height >= $0 } ?? true
        }
    }

    /// Brings lines that lie deeper than those that a node told about up to a new tip.
    mutating func deepen(tip: Height, below height: Height, atLeast step: DeliveryStep) {
        for index in items.indices {
            guard let place = items[index].place, place.height < height else { continue }
            let depth = tip.distance(above: place.height) + 1
            items[index].depth = depth
            guard step == .settled || step == .deep else { continue }
            items[index].step = .ladder(depth >= Self.deep ? .deep : .settled)
        }
    }

    /// How an author is called: a safe name, told apart from others that look alike.
    func name(of author: VerifyingKey) -> String {
        let tag = author.hex.prefix(4)
        guard let name = names[author] else { return "guest#\(tag)" }
        let likeness = SafeText.likeness(name)
        let isAlone = !names.contains {
            $0.key != author && SafeText.likeness($0.value) == likeness
        }
        return isAlone ? name : "\(name)#\(tag)"
    }

    /// What an author calls themselves, if they said it.
    func givenName(of author: VerifyingKey) -> String? { names[author] }

    private static let deep: UInt32 = 60

    /// Puts recorded lines in the order of the ledger, the others after them as they came.
    private mutating func arrange() {
        let recorded = items.filter { $0.place != nil }.sorted(by: Self.isBefore)
        let waiting = items.filter { $0.place == nil }
        items = recorded + waiting
        if items.count > Self.limit {
            items.removeFirst(items.count - Self.limit)
            hasMore = true
        }
        index()
        for item in items {
            if case .named(let name) = item.body { names[item.author] = SafeText.name(name) }
        }
    }

    private mutating func index() {
        places = [:]
        for (place, item) in items.enumerated() { places[item.name] = place }
    }

    private static func isBefore(_ one: ChatItem, _ other: ChatItem) -> Bool {
        guard let left = one.place, let right = other.place else { return one.place != nil }
        return (left.height, left.index) < (right.height, right.index)
    }
}
