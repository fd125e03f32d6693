import PhiCrypto
import PhiLedger
import PhiTesting

/// Offers entries whose nonce point, key or scalar is written in a second way.
struct NonCanonical: EntryBehavior {
    static let number = 19
    static let name = "non-canonical"
    static let summary = "offers entries whose R, A or S is not in its one canonical form"

    let peddler = Peddler()

    /// The neutral element written as p + 1.
    private static let neutral: [UInt8] =
        [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    /// The order of the group.
    private static let order: [UInt8] = [
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]

    func entries(by author: inout TestAuthor, in meeting: Digest, round: Int) -> [Entry] {
        var draft = author.draft(.message, in: meeting, payload: author.salt() + [1])
        let good = author.signer.sign(draft.signedMessage).bytes
        let bytes: [UInt8]
        switch round % 3 {
        case 0: bytes = Self.neutral + good.suffix(32)
        case 1: bytes = good.prefix(32) + Self.sum(Array(good.suffix(32)), Self.order)
        default:
            draft.author = VerifyingKey(reading: Self.neutral, at: 0)
            bytes = Self.neutral + [UInt8](repeating: 0, count: 32)
        }
        return [author.sealed(draft, signature: Signature(reading: bytes, at: 0))]
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var carry: UInt16 = 0
        return zip(left, right).map { a, b in
            let sum = UInt16(a) + UInt16(b) + carry
            carry = sum >> 8
            return UInt8(truncatingIfNeeded: sum)
        }
    }
}
