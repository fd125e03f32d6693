import FoundationEssentials
import PhiChat
import PhiClient
import PhiCrypto
import PhiLedger

/// How values are told to people.
enum Wording {
    /// A moment in UTC, to the second.
    static func time(_ time: Timestamp) -> String {
        let seconds = Double(min(time.milliseconds, 253_402_300_799_000) / 1_000)
        return Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }

    /// The first digits of a long name.
    static func short(_ value: some FixedBytes32) -> String { String(value.hex.prefix(12)) }

    /// A span of time, in the unit that suits it.
    static func span(_ span: Duration) -> String {
        let seconds = span.inSeconds
        if seconds < 0.1 { return "under 0.1 s" }
        if seconds < 10 { return "\(Double(Int(seconds * 10)) / 10) s" }
        if seconds < 120 { return "\(Int(seconds)) s" }
        if seconds < 7_200 { return "\(Int(seconds / 60)) min" }
        return "\(Int(seconds / 3_600)) h"
    }

    /// A large count, such as of hashes in a second.
    static func count(_ count: Double) -> String {
        for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where count >= unit {
            return "\(Double(Int(count / unit * 10)) / 10) \(name)"
        }
        return "\(Int(count)) "
    }

    /// What a stamp will cost.
    static func estimate(_ estimate: StampEstimate) -> String {
        "about \(span(estimate.expected)), "
            + "probably \(span(estimate.short)) to \(span(estimate.long)) "
            + "at \(count(estimate.hashesPerSecond))H/s"
    }

    /// A text that others wrote, on one line and safe for a terminal.
    static func safe(_ text: String) -> String { SafeText.line(text) }
}
