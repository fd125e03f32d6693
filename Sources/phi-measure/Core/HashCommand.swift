import ArgumentParser
import PhiCrypto

/// Measures the loops that search nonces.
struct HashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash",
        abstract: "Hash headers in each search loop, beside two plain calls of SHA-256."
    )

    @Option(help: "Seconds for each of the figures.")
    var seconds = 1.0

    @OptionGroup var report: ReportOptions

    func run() {
        let prefix = [UInt8](repeating: 7, count: 128)
        let tail = [UInt8](repeating: 9, count: HashSearch.tailByteCount)
        let plain = rate(step: 4_096) { range in
            var header = prefix + tail
            header.append(contentsOf: [UInt8](repeating: 0, count: 8))
            for nonce in range {
                for index in 0..<8 {
                    header[148 + index] = UInt8(truncatingIfNeeded: nonce >> (8 * index))
                }
                if SHA256.doubleHash(header) == .zero { return }
            }
        }
        var report = Report("hash")
        report.add("two plain calls", plain, "hashes/s")
        for kind in HashSearch.available {
            let found = rate(step: 1 << 18) { range in
                _ = HashSearch.firstNonce(
                    prefix: prefix,
                    tail: tail,
                    target: .zero,
                    in: range,
                    using: kind
                )
            }
            report.add("loop \(kind.rawValue)", found, "hashes/s")
            report.add("loop \(kind.rawValue), times the plain calls", found / plain, "")
        }
        report.show(asJSON: self.report.asJSON)
    }

    /// Hashes in a second of processor time, on one core.
    private func rate(step: UInt64, _ search: (Range<UInt64>) -> Void) -> Double {
        let watch = Stopwatch()
        var next: UInt64 = 0
        while watch.seconds < seconds {
            search(next..<next + step)
            next += step
        }
        return Double(next) / watch.processorSeconds
    }
}
