import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

extension APIError {
    /// What a caller hears about an entry that is wrong in itself.
    static func violation(_ violation: EntryViolation) -> APIError {
        switch violation {
        case .otherChain(let found):
            .ruleBroken(
                "otherChain",
                "The entry's chain_id is not this network's. Sign it for the right network.",
                found: .string(found.hex)
            )
        case .openInsideMeeting:
            .ruleBroken("openInsideMeeting", "An open names a meeting; leave that field zero.")
        case .payloadHash:
            .ruleBroken(
                "payloadHash",
                "The payload is not the one that payload_hash names. Sign the payload you send."
            )
        case .payload(let failure):
            .ruleBroken("payload", "The payload has not the form of its kind: \(failure).")
        case .stampBelowMinimum(let minimum, let found):
            .ruleBroken(
                "stampBelowMinimum",
                "The stamp_work is too little. Stamp the entry again; stamp.quote says how much.",
                limit: .string(hex(minimum)),
                found: .string(hex(found))
            )
        case .stampFails(let declared):
            .ruleBroken(
                "stampFails",
                "The stamp_nonce does not show the declared work. Stamp the entry again.",
                found: .string(hex(declared))
            )
        case .signature(let failure):
            .ruleBroken("signature", "The signature is refused (\(failure)). Sign the id again.")
        }
    }

    /// What a caller hears about bytes that are no entry.
    static func malformed(_ failure: DecodingFailure) -> APIError {
        let (limit, found): (JSON?, JSON?) =
            switch failure {
            case .overLimit(_, let limit, let found), .underLimit(_, let limit, let found):
                (count(limit), count(found))
            default: (nil, nil)
            }
        return .ruleBroken(
            "encoding",
            "The field “entry” is no entry: \(failure).",
            limit: limit,
            found: found
        )
    }

    static func count(_ value: some FixedWidthInteger) -> JSON {
        .integer(Int64(clamping: value))
    }

    /// Work as documents write it.
    private static func hex(_ work: UInt64) -> String { Work(rawValue: UInt128(work)).hex }
}
