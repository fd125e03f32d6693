import PhiCrypto
import PhiLedger
import PhiTesting

/// Offers entries whose signature is another's.
struct InvalidSignature: EntryBehavior {
    static let number = 17
    static let name = "invalid-signature"
    static let summary = "offers entries with a signature that is not their author's"

    let peddler = Peddler()

    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry] {
        let draft = author.draft(.message, in: meeting, payload: author.salt() + [1])
        let other = TestKey("somebody else").sign(draft.signedMessage)
        return [author.sealed(draft, signature: other)]
    }
}
