import PhiCrypto
import PhiLedger
import PhiTesting

/// Offers chains of entries whose beginnings never come.
struct OrphanChains: EntryBehavior {
    static let number = 21
    static let name = "orphan-chains"
    static let summary = "offers chains of entries whose first ones never come"

    let peddler = Peddler()

    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry] {
        _ = author.message("never sent", in: meeting)
        return (0..<16).map { author.message("orphan \($0)", in: meeting) }
    }
}
