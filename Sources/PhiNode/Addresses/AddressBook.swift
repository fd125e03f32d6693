import PhiCrypto
import PhiLedger
import PhiWire

/// The addresses that a node knows: those heard of, and those that have answered.
///
/// An address heard of has its place in the new table by its own group and the group of whoever
/// told, one that answered in the tried table by its own group. A secret key places both, so that
/// whoever sends many addresses fills few buckets and cannot choose which.
struct AddressBook: Sendable {
    /// Buckets for addresses that were heard of.
    static let newBuckets = 256
    /// Buckets for addresses that have answered.
    static let triedBuckets = 64
    /// Addresses in a bucket.
    static let bucketSize = 32
    /// Addresses that fit into all buckets.
    static let capacity = (newBuckets + triedBuckets) * bucketSize
    /// Buckets that one source can touch.
    static let newBucketsPerSource = 16
    /// Buckets that the addresses of one group can touch once they answered.
    static let triedBucketsPerGroup = 4
    /// Slots of the new table that one address can have.
    static let referenceLimit = 4
    /// Addresses that wait for a proof that the one in their place is gone.
    static let collisionLimit = 10

    let key: PlacingKey
    var places: [Int: Place] = [:]
    var nextPlace = 0
    /// All entries, in an order that draws need.
    var order: [Int] = []
    var newSlots = [Int?](repeating: nil, count: newBuckets * bucketSize)
    var triedSlots = [Int?](repeating: nil, count: triedBuckets * bucketSize)
    var newCounts = [Int](repeating: 0, count: newBuckets)
    var triedCounts = [Int](repeating: 0, count: triedBuckets)
    /// Addresses that have answered.
    var triedCount = 0
    /// Entries by the node that they are of.
    var byIdentity: [VerifyingKey: Int] = [:]
    /// Entries whose node is not known yet, by address.
    var byAddress: [PeerAddress: Int] = [:]
    /// Entries in each group.
    var groups: [NetworkGroup: Int] = [:]
    /// Entries that answered and found their place in the tried table taken.
    var collisions: [Int] = []

    /// An empty book.
    init(key: PlacingKey) {
        self.key = key
    }

    /// Addresses in the book.
    var count: Int { places.count }

    /// The entry of a node.
    func place(of identity: VerifyingKey) -> Place? {
        byIdentity[identity].flatMap { places[$0] }
    }

    /// The entry that a call to an address was about.
    func index(of address: PeerAddress, identity: VerifyingKey?) -> Int? {
        identity.flatMap { byIdentity[$0] } ?? byAddress[address]
    }

    /// Whether a node is in the book because it answered, before a moment.
    func hasAnswered(_ identity: VerifyingKey, before moment: Timestamp) -> Bool {
        guard let place = place(of: identity), place.isTried else { return false }
        return place.firstSeen < moment
    }

    /// Makes an entry without a place in any table.
    mutating func insert(_ place: Place) -> Int {
        let index = nextPlace
        nextPlace += 1
        var place = place
        place.position = order.count
        order.append(index)
        places[index] = place
        if let identity = place.identity {
            byIdentity[identity] = index
        } else {
            byAddress[place.address] = index
        }
        groups[place.address.group, default: 0] += 1
        return index
    }

    /// Takes an entry out of everything.
    mutating func remove(_ index: Int) {
        clearSlots(of: index)
        guard let place = places.removeValue(forKey: index) else { return }
        let last = order.removeLast()
        if last != index {
            order[place.position] = last
            places[last]?.position = place.position
        }
        if let identity = place.identity {
            byIdentity[identity] = nil
        } else {
            byAddress[place.address] = nil
        }
        leaveGroup(of: place.address)
        collisions.removeAll { $0 == index }
    }

    /// Gives an entry another address, with its places in the tables given up.
    mutating func move(_ index: Int, to address: PeerAddress) {
        clearSlots(of: index)
        guard let old = places[index]?.address else { return }
        leaveGroup(of: old)
        groups[address.group, default: 0] += 1
        if byAddress[old] == index {
            byAddress[old] = nil
            byAddress[address] = index
        }
        places[index]?.address = address
    }

    private mutating func leaveGroup(of address: PeerAddress) {
        let left = (groups[address.group] ?? 1) - 1
        groups[address.group] = left > 0 ? left : nil
    }

    /// Takes an entry out of both tables.
    mutating func clearSlots(of index: Int) {
        guard let place = places[index] else { return }
        for slot in place.slots { clearNew(slot) }
        places[index]?.slots = []
        guard place.isTried else { return }
        let slot = triedSlot(of: place.address)
        if triedSlots[slot] == index {
            triedSlots[slot] = nil
            triedCounts[slot / Self.bucketSize] -= 1
            triedCount -= 1
        }
        places[index]?.isTried = false
    }

    func triedSlot(of address: PeerAddress) -> Int {
        key.slot(address, bucket: key.triedBucket(address), isTried: true)
    }

    mutating func clearNew(_ slot: Int) {
        guard newSlots[slot] != nil else { return }
        newSlots[slot] = nil
        newCounts[slot / Self.bucketSize] -= 1
    }

    mutating func setNew(_ slot: Int, to index: Int) {
        newSlots[slot] = index
        newCounts[slot / Self.bucketSize] += 1
        places[index]?.slots.append(slot)
    }

    mutating func setTried(_ slot: Int, to index: Int) {
        triedSlots[slot] = index
        triedCounts[slot / Self.bucketSize] += 1
        triedCount += 1
        places[index]?.isTried = true
    }

    /// Forgets a node.
    mutating func forget(_ identity: VerifyingKey) {
        if let index = byIdentity[identity] { remove(index) }
    }
}
