import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode

extension APIError {
    /// What a caller hears whose entry was not taken.
    static func refused(_ refusal: SubmitRefusal) -> APIError {
        switch refusal {
        case .violation(let violation): .violation(violation)
        case .context(let violation): .context(violation)
        case .recorded:
            .ruleBroken("recorded", "The chain has the entry already; entry.status says where.")
        case .pooled(let id):
            .ruleBroken(
                "pooled",
                "Another entry with this author's seq waits already. Send the next one.",
                found: .string(id.hex)
            )
        case .authorFull(let limit):
            .ruleBroken(
                "authorFull",
                "Too many entries of this author wait. Try again after the next block.",
                limit: count(limit)
            )
        case .meetingFull(let limit):
            .ruleBroken(
                "meetingFull",
                "Too many entries of this meeting wait. Try again after the next block.",
                limit: count(limit)
            )
        case .densityTooLow(let minimum, let found):
            .ruleBroken(
                "densityTooLow",
                "The mempool is full of heavier stamps. Stamp again; stamp.quote says how much.",
                limit: count(minimum),
                found: count(found)
            )
        case .anchorAhead(let tip, let found):
            .ruleBroken(
                "anchorAhead",
                "The anchor_height lies above this node's tip. Wait until the node has caught up.",
                limit: count(tip.rawValue),
                found: count(found.rawValue)
            )
        case .busy:
            .busy(retryAfterMilliseconds: 1_000, "The node judges as many entries as it can.")
        case .store: .internalFailure
        }
    }

    /// Whether a refusal may only mean that the node has not caught up.
    static func mayMeanSyncing(_ refusal: SubmitRefusal) -> Bool {
        switch refusal {
        case .context(let violation): violation.mayPass
        case .anchorAhead: true
        default: false
        }
    }
}
