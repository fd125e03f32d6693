import PhiLedger
import PhiTesting

/// Says in the header that the body is longer or shorter than it is.
struct BodyBytesLie: BodyBehavior {
    static let number = 34
    static let name = "body-bytes-lie"
    static let summary = "commits to a wrong number of body bytes in a header"

    let stand = BlockStand()

    func block(
        by author: inout TestAuthor,
        variant: Int
    ) -> (claim: BodyClaim, body: [UInt8]) {
        let body = BlockBody([author.open(title: "lied about")])
        var claim = BodyClaim(body)
        claim.byteCount = variant.isMultiple(of: 2) ? 500_000 : 1
        return (claim, body.encoded)
    }
}
