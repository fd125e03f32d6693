import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

/// Offers one entry under many stamps, all of them right.
struct ManyStamps: EntryBehavior {
    static let number = 16
    static let name = "many-stamps"
    static let summary = "offers one entry many times, each time with another right stamp"

    let peddler = Peddler()

    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry] {
        let entry = author.message("stamped", in: meeting)
        let others = (1...63).compactMap { (number: UInt64) in
            Stamp.search(
                id: entry.id,
                work: entry.stampWork,
                in: number << 40..<(number + 1) << 40
            ).map { entry.restamped(work: entry.stampWork, nonce: $0) }
        }
        return [entry] + others
    }
}
