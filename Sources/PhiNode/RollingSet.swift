import PhiCrypto

/// A set of hashes that forgets the oldest when it is full.
///
/// Only the first eight bytes of a hash are kept: whoever wants two hashes to look alike here has
/// to find them, and gains no more than that one of the two is not told or not asked for.
struct RollingSet: Sendable {
    /// Bytes of memory of a full set for each hash: its place in the set, empty places, and its
    /// place in the order.
    static let byteCountPerHash = 32

    private let limit: Int
    private var members: Set<UInt64> = []
    private var order: [UInt64] = []
    private var next = 0

    /// An empty set that holds so many hashes at most.
    init(limit: Int) {
        precondition(limit > 0, "a rolling set holds something")
        self.limit = limit
    }

    /// How many hashes are remembered.
    var count: Int { order.count }

    /// Whether a hash is remembered.
    func contains(_ hash: Digest) -> Bool { members.contains(hash.words.first) }

    /// Remembers a hash.
    mutating func insert(_ hash: Digest) {
        let word = hash.words.first
        guard members.insert(word).inserted else { return }
        if order.count < limit {
            order.append(word)
            return
        }
        members.remove(order[next])
        order[next] = word
        next = next + 1 == limit ? 0 : next + 1
    }
}
