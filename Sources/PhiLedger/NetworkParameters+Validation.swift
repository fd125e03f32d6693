/// Why a set of parameters makes no network.
public enum ParametersFailure: Error, Equatable, Sendable {
    /// A number lies outside its range.
    case outOfRange(parameter: String, found: UInt64, range: ClosedRange<UInt64>)
    /// Two numbers contradict each other.
    case inconsistent(rule: String)
}

extension ParametersFailure: CustomStringConvertible {
    /// A sentence that names the parameter and what it may be.
    public var description: String {
        switch self {
        case .outOfRange(let parameter, let found, let range):
            "\(parameter) is \(found); it must lie in \(range.lowerBound)...\(range.upperBound)"
        case .inconsistent(let rule): "the parameters contradict each other: \(rule)"
        }
    }
}

extension NetworkParameters {
    /// Refuses numbers that no network can run on, each by its name.
    public func validate() throws(ParametersFailure) {
        try check("interval", blockInterval, 100...86_400_000)
        try check("half_life", halfLife, 1...1_000_000_000)
        try check("min_spacing", minimumSpacing, 1...86_400_000)
        try check("idle_cap", idleCap, 1...1_000_000_000)
        try check("grace", grace, 1...1_000_000_000)
        try check("emergency_half_life", emergencyHalfLife, 1...1_000_000_000)
        try check("future_limit", futureLimit, 1...7_200_000)
        try check("pow_limit_log2", UInt32(targetLimitExponent), 161...255)
        try check("expiry", expiry, 10...1_000_000)
        try check("max_body", maximumBodyBytes, 1_024...1_000_000)
        try check("max_entries", maximumEntries, 1...2_048)
        try check("max_payload", maximumPayloadBytes, 256...32_768)
        try check("stamp_rate", stampRate, 0...1_000_000)
        try check("stamp_base", stampBase, 0...1_000_000)
        try check("undo_window", undoWindow, 10...1_000_000)
        try check("create_policy", createPolicy, 0...0)
        guard minimumSpacing <= blockInterval else {
            throw .inconsistent(rule: "min_spacing is above interval")
        }
        guard idleCap >= blockInterval else {
            throw .inconsistent(rule: "idle_cap is below interval")
        }
        guard grace >= blockInterval else {
            throw .inconsistent(rule: "grace is below interval")
        }
        guard
            UInt64(maximumBodyBytes) >= UInt64(maximumPayloadBytes)
                + UInt64(Entry.envelopeByteCount)
        else {
            throw .inconsistent(rule: "max_body does not hold one entry of max_payload")
        }
    }

    private func check(
        _ parameter: String,
        _ found: UInt32,
        _ range: ClosedRange<UInt64>
    ) throws(ParametersFailure) {
        guard range.contains(UInt64(found)) else {
            throw .outOfRange(parameter: parameter, found: UInt64(found), range: range)
        }
    }
}
