import ArgumentParser
import CReference
import PhiConsensus
import PhiCrypto

/// Measures the loops that search nonces.
struct HashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash",
        abstract: "Hash headers in each search loop, beside two one-shot calls of SHA-256."
    )

    @Option(help: "Seconds for each of the figures.")
    var seconds = 1.0

    @OptionGroup var report: ReportOptions

    func run() {
        let prefix = [UInt8](repeating: 7, count: 128)
        let tail = [UInt8](repeating: 9, count: HashSearch.tailByteCount)
        var header = prefix + tail + [UInt8](repeating: 0, count: 8)
        let plain = rate(step: 4_096) { range in
            let tries = range.upperBound - range.lowerBound
            _ = unsafe phi_two_hashes(&header, header.count, range.lowerBound, tries)
        }
        var report = Report("hash")
        report.add("two one-shot calls", plain, "hashes/s")
        let stamped = rate(step: 1 << 18) { range in
            _ = Stamp.search(id: .zero, work: .max, in: range)
        }
        report.add("stamp", stamped, "hashes/s")
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
            report.add("loop \(kind.rawValue), times the one-shot calls", found / plain, "")
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
