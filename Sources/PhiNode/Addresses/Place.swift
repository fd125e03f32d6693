import PhiCrypto
import PhiLedger
import PhiWire

/// What the book knows of one node: one entry, however many addresses it shows.
struct Place: Equatable, Sendable {
    /// Milliseconds that an address is let alone by preference after a call.
    private static let restAfterTry: UInt64 = 10 * 60 * 1_000
    /// Milliseconds after a call in which an address is not judged.
    private static let judgedAfterTry: UInt64 = 60 * 1_000
    /// Milliseconds without a word after which an address is given up.
    private static let unseenLimit: UInt64 = 14 * 24 * 60 * 60 * 1_000
    /// Calls without an answer that end an address which never answered.
    private static let triesNeverGood: UInt8 = 3
    /// Calls without an answer in a week that end an address which answered once.
    private static let failuresOnceGood: UInt8 = 10
    private static let failurePeriod: UInt64 = 7 * 24 * 60 * 60 * 1_000
    private static let firstRetry: UInt64 = 500
    private static let lastRetry: UInt64 = 300_000

    /// The address whose group places the entry.
    var address: PeerAddress
    var identity: VerifyingKey?
    var record: NodeRecord?
    var way: WayFound
    /// The group of whoever told of it first.
    var source: NetworkGroup
    var firstSeen: Timestamp
    var lastSeen: Timestamp
    var lastSuccess: Timestamp = .zero
    var lastTry: Timestamp = .zero
    /// Calls without an answer since the last answer, as far as they count.
    var failures: UInt8 = 0
    /// Calls without an answer since the last answer, whoever was to blame.
    var doublings: UInt8 = 0
    var retryAt: Timestamp = .zero
    var isTried = false
    /// Slots of the new table that refer to the entry.
    var slots: [Int] = []
    /// Where the entry stands among all.
    var position = 0

    /// The address to call: after each failure the next that the record shows.
    var callable: PeerAddress {
        guard !isTried, let record, !record.addresses.isEmpty else { return address }
        return record.addresses[Int(doublings) % record.addresses.count]
    }

    /// Whether nothing is lost when the entry is.
    func isTerrible(at now: Timestamp) -> Bool {
        if lastTry > .zero, now.since(lastTry) < Self.judgedAfterTry { return false }
        if lastSeen.since(now) > NodeRecord.clockTolerance { return true }
        if now.since(max(lastSeen, lastSuccess)) > Self.unseenLimit { return true }
        if lastSuccess == .zero, failures >= Self.triesNeverGood { return true }
        return failures >= Self.failuresOnceGood && now.since(lastSuccess) > Self.failurePeriod
    }

    /// The chance to be chosen, in thousandths and 1 at least.
    func chance(at now: Timestamp) -> UInt64 {
        var chance: UInt64 = 1_000
        if lastTry > .zero, now.since(lastTry) < Self.restAfterTry { chance /= 100 }
        for _ in 0..<min(failures, 8) { chance = chance * 66 / 100 }
        return max(1, chance)
    }

    /// The call was not answered, or the connection ended: the next waits ever longer.
    mutating func rest(until now: Timestamp, chance: inout SeededChance) {
        let wait = min(Self.firstRetry << UInt64(min(doublings, 10)), Self.lastRetry)
        if doublings < .max { doublings += 1 }
        retryAt = now.adding(milliseconds: wait / 2 + chance.below(wait))
    }
}
