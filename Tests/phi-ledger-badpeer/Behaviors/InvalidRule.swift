import PhiCrypto
import PhiLedger
import PhiTesting

/// Mines blocks whose body fits the header and breaks a rule of the ledger.
struct InvalidRule: BodyBehavior {
    static let number = 35
    static let name = "invalid-rule"
    static let summary = "mines a block that fits its header and breaks a rule inside"

    let stand = BlockStand()

    func block(
        by author: inout TestAuthor,
        variant: Int
    ) -> (claim: BodyClaim, body: [UInt8]) {
        let open = author.open(title: "broken")
        let entries: [Entry]
        switch variant % 4 {
        case 0:
            let draft = author.draft(.message, in: open.id, payload: author.salt() + [1])
            let other = TestKey("somebody else").sign(draft.signedMessage)
            entries = [open, author.sealed(draft, signature: other)]
        case 1: entries = [author.message("nowhere", in: Digest.zero)]
        case 2:
            let other = author.trying { $0.message("the other", in: open.id) }
            entries = [open, author.message("the one", in: open.id), other]
        default:
            _ = author.message("left out", in: open.id)
            entries = [open, author.message("too early", in: open.id)]
        }
        let body = BlockBody(entries)
        return (BodyClaim(body), body.encoded)
    }
}
