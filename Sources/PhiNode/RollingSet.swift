import PhiCrypto

/// A set of hashes that forgets the oldest when it is full.
struct RollingSet: Sendable {
    private let limit: Int
    private var members: Set<Digest> = []
    private var order: [Digest] = []
    private var next = 0

    /// An empty set that holds so many hashes at most.
    init(limit: Int) {
        precondition(limit > 0, "a rolling set holds something")
        self.limit = limit
    }

    /// Whether a hash is remembered.
    func contains(_ hash: Digest) -> Bool { members.contains(hash) }

    /// Remembers a hash.
    mutating func insert(_ hash: Digest) {
        guard members.insert(hash).inserted else { return }
        if order.count < limit {
            order.append(hash)
            return
        }
        members.remove(order[next])
        order[next] = hash
        next = next + 1 == limit ? 0 : next + 1
    }
}
