import PhiCrypto
import PhiLedger
import PhiTesting

/// Offers entries that paid less than the least.
struct StampBelowFloor: EntryBehavior {
    static let number = 20
    static let name = "stamp-below-floor"
    static let summary = "offers entries whose stamp declares less work than the network takes"

    let peddler = Peddler()

    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry] {
        let draft = author.draft(.message, in: meeting, payload: author.salt() + [1])
        // One unit is below every network's floor but that of a first message without a rate.
        return [author.sealed(draft, work: 1)]
    }
}
