import PhiLedger

/// How deep a block must lie for the steps of delivery.
public enum Depth {
    /// Blocks on an entry, its own included, from which it may be called settled.
    public static let settled: UInt32 = 12
    /// Blocks on an entry, its own included, from which it is called deep.
    public static let deep: UInt32 = 60
    /// Milliseconds over which the usual work is measured.
    static let usualSpan: UInt64 = 86_400_000
}

extension ChainReader {
    /// Whether the last twelve blocks show at least half the work that is usual over a day.
    ///
    /// A network that was cut in two, or whose miners left, shows less: depth then says little.
    public func isWorkSteady() throws(StoreFailure) -> Bool {
        let (tip, _) = try tip()
        let span = Depth.settled
        guard tip.rawValue >= span, let last = try header(at: tip),
            let recent = try header(at: tip.lowered(by: span))
        else { return false }
        let interval = UInt64(max(1, network.parameters.blockInterval))
        let usualBlocks = max(UInt64(span), Depth.usualSpan / interval)
        let count = UInt32(min(usualBlocks, UInt64(tip.rawValue)))
        guard let old = try header(at: tip.lowered(by: count)),
            let recentWork = last.chainWork.subtracting(recent.chainWork),
            let usualWork = last.chainWork.subtracting(old.chainWork)
        else { throw .malformedRecord(kind: "header") }
        // Twelve average blocks over two; the quotient times six stays below the dividend.
        let half = usualWork.rawValue / UInt128(count) * UInt128(span / 2)
        return recentWork.rawValue >= half
    }
}
