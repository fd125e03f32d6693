package import PhiAPI
import PhiLedger

extension APIError {
    /// Rules that an entry may break at one moment and keep at the next, with nothing done to it.
    ///
    /// Every other rule lasts as long as the chain is not reorganized.
    private static let passingRules: Set = [
        "anchorAhead", "anchorNotBelow", "authorFull", "densityTooLow", "meetingFull", "pooled",
        "recorded", "sequence", "stampBelowMinimum", "tooManyMembers", "tooManyOpenings",
        "unknownMeeting",
    ]

    /// Whether the same entry may be taken later.
    package var mayPass: Bool {
        guard code == Code.ruleBroken else { return true }
        return data?["rule"]?.string.map { Self.passingRules.contains($0) } ?? false
    }

    /// The work that would satisfy a node that found a stamp too small; nil for other refusals.
    func stampPrice(for entry: Entry) -> UInt64? {
        guard let rule = data?["rule"]?.string?.lowercased(),
            rule.contains("stamp") || rule.contains("density")
        else { return nil }
        let (doubled, overflow) = entry.stampWork.multipliedReportingOverflow(by: 2)
        return overflow ? nil : max(doubled, 1)
    }
}
