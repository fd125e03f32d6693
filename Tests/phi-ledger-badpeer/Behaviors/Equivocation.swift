import PhiCrypto
import PhiLedger
import PhiTesting

/// Offers pairs of entries with one number.
struct Equivocation: EntryBehavior {
    static let number = 22
    static let name = "equivocation"
    static let summary = "offers pairs of good entries with one author and number"

    let peddler = Peddler()

    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry] {
        (0..<8).flatMap { number in
            let other = author.trying { $0.message("the other \(number)", in: meeting) }
            return [author.message("the one \(number)", in: meeting), other]
        }
    }
}
