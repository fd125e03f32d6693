import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

/// Judged entries to draw from: the lines of three authors in three meetings, and rivals of some.
///
/// Signing takes longer than all else, so the entries are made once; the inputs choose the order.
enum Deck {
    /// The entries in an order in which most of them can be recorded.
    static let entries: [ValidEntry] = {
        var made: [Entry] = []
        var host = TestAuthor("deck host", on: Samples.network)
        var guest = TestAuthor("deck guest", on: Samples.network)
        var other = TestAuthor("deck other", on: Samples.network)
        let link = TestKey("deck link")
        let anyone = host.open(lifetime: 6)
        let linked = host.open(writing: .link, linkKey: link.verifyingKey)
        let named = guest.open(writing: .named)
        made += [anyone, linked, named]
        made += [guest.join(linked.id, by: link), other.join(linked.id, by: link)]
        made.append(guest.admit([other.key], to: named.id))
        for round in 0..<4 {
            let text = String(repeating: "word ", count: 1 + 12 * round)
            for meeting in [anyone, linked, named] {
                made.append(host.trying { $0.message("rival \(round)", in: meeting.id) })
                made.append(host.message(text, in: meeting.id))
                made.append(guest.message(text, in: meeting.id))
                made.append(other.message(text, in: meeting.id))
            }
        }
        made.append(host.revoke([guest.key], in: linked.id, linkKey: link.verifyingKey))
        made += [host.close(linked.id), guest.close(named.id)]
        let minutes = MinutesDigest(count: 1, root: anyone.leaf)
        made += [host.approve(minutes, of: anyone.id), other.approve(minutes, of: linked.id)]
        return made.map(judged)
    }()

    /// Some of the entries again, with a stamp of more work.
    static let restamped: [ValidEntry] = entries.prefix(12).map { valid in
        let work = valid.entry.stampWork * 2
        let nonce = Stamp.search(id: valid.id, work: work, in: 0..<(1 << 24)) ?? 0
        return judged(valid.entry.restamped(work: work, nonce: nonce))
    }

    /// Both, so that one byte chooses.
    static let all = entries + restamped

    /// Both by their leaf hashes.
    static let byLeaf = Dictionary(uniqueKeysWithValues: all.map { ($0.leaf, $0) })

    private static func judged(_ entry: Entry) -> ValidEntry {
        do { return try ValidEntry(judging: entry, on: Samples.network) } catch {
            preconditionFailure("an entry of the deck is right: \(error)")
        }
    }
}
