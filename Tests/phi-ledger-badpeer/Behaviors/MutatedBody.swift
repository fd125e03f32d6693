import PhiLedger
import PhiTesting

/// Serves a body of which some byte is not the one that the header commits to.
struct MutatedBody: BodyBehavior {
    static let number = 33
    static let name = "mutated-body"
    static let summary = "serves a body with one changed byte for a good header"

    let stand = BlockStand()

    func block(
        by author: inout TestAuthor,
        variant: Int
    ) -> (claim: BodyClaim, body: [UInt8]) {
        let body = BlockBody([author.open(title: "mutated")])
        var bytes = body.encoded
        // The time in the envelope, or the last byte of the payload.
        bytes[variant.isMultiple(of: 2) ? 164 : bytes.count - 1] ^= 1
        return (BodyClaim(body), bytes)
    }
}
