import PhiCrypto
import PhiLedger
import PhiTesting

/// Offers entries of a key of small order, under which everybody can sign.
struct SmallOrderKey: EntryBehavior {
    static let number = 18
    static let name = "small-order-key"
    static let summary = "offers entries of a key of small order, under which anything verifies"

    let peddler = Peddler()

    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry] {
        // The neutral element: R and A equal it and S is zero, so S·B = R + k·A for every k.
        let neutral = [1] + [UInt8](repeating: 0, count: 31)
        var draft = author.draft(.message, in: meeting, payload: author.salt() + [1])
        draft.author = VerifyingKey(reading: neutral, at: 0)
        let signature = Signature(reading: neutral + [UInt8](repeating: 0, count: 32), at: 0)
        return [author.sealed(draft, signature: signature)]
    }
}
