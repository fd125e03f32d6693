import PhiCrypto
import PhiLedger
import PhiTesting

/// Offers one entry under many signatures, of which one is right.
struct ManySignatures: EntryBehavior {
    static let number = 15
    static let name = "many-signatures"
    static let summary = "offers one entry many times, each time with another signature"

    let peddler = Peddler()

    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry] {
        let entry = author.message("signed", in: meeting)
        let forged = (1...63).compactMap { (number: UInt8) in
            entry.tampered(at: 204 + 8, with: [number, UInt8(truncatingIfNeeded: round)])
        }
        return [entry] + forged
    }
}
