/// Reads how many bytes a second may pass.
enum TransferRate {
    /// The least limit: slower than this a node cannot keep in step with a busy network.
    static let least: UInt64 = 32_768

    /// Reads a number of bytes with an optional `k` or `M`, which stand for 1,000 and 1,000,000.
    ///
    /// - Parameters:
    ///   - text: What was given, if anything.
    ///   - field: The name of the setting.
    /// - Returns: The limit; nil where none is given or it is 0.
    /// - Throws: Where the text is no number, or one that is too small.
    static func parse(
        _ text: String?,
        field: String
    ) throws(ConfigurationFailure) -> UInt64? {
        guard let text else { return nil }
        guard let rate = number(text) else {
            throw .wrongValue(
                field: field,
                value: text,
                remedy: "write bytes in a second, such as 500k or 2M; 0 is no limit"
            )
        }
        guard rate > 0 else { return nil }
        guard rate >= least else {
            throw .wrongValue(
                field: field,
                value: text,
                remedy: "give \(least) bytes in a second or more, or 0 for no limit"
            )
        }
        return rate
    }

    private static func number(_ text: String) -> UInt64? {
        let factors: [(suffix: String, factor: UInt64)] = [("k", 1_000), ("M", 1_000_000)]
        let unit = factors.first { text.hasSuffix($0.suffix) }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = UInt64(digits)
        else { return nil }
        let (rate, overflow) = count.multipliedReportingOverflow(by: unit?.factor ?? 1)
        return overflow ? nil : rate
    }
}
