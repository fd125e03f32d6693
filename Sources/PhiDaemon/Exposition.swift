public import CoreMetrics
import Synchronization

/// Metrics as Prometheus reads them (text format 0.0.4), kept in memory.
///
/// Label values come from closed lists of the program alone, so that their number is bounded.
public final class Exposition: MetricsFactory {
    private let series = Mutex<[String: Series]>([:])

    /// An exposition without metrics.
    public init() {}

    /// An exposition that the whole process counts into; to be called once.
    public static func installed() -> Exposition {
        let exposition = Exposition()
        MetricsSystem.bootstrap(exposition)
        return exposition
    }

    /// The text of all metrics, in the order of their names.
    public var text: String {
        let all = series.withLock { $0 }.values.sorted { $0.key < $1.key }
        var lines: [String] = []
        var last = ""
        for one in all {
            if one.name != last { lines.append("# TYPE \(one.name) \(one.kind.rawValue)") }
            last = one.name
            lines.append(contentsOf: one.lines)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A counter of a name and labels, the same one for the same.
    public func makeCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any CounterHandler {
        find(label, dimensions, .counter)
    }

    /// A gauge or summary of a name and labels, the same one for the same.
    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        find(label, dimensions, aggregate ? .summary : .gauge)
    }

    /// A summary of durations, the same one for the same name and labels.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions, .summary)
    }

    /// Keeps the counter: what was counted stays readable.
    public func destroyCounter(_ handler: any CounterHandler) {}

    /// Keeps the recorder: what was recorded stays readable.
    public func destroyRecorder(_ handler: any RecorderHandler) {}

    /// Keeps the timer: what was timed stays readable.
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func find(
        _ label: String,
        _ dimensions: [(String, String)],
        _ kind: Series.Kind
    ) -> Series {
        let made = Series(label, dimensions, kind)
        return series.withLock { series in
            if let present = series[made.key] { return present }
            series[made.key] = made
            return made
        }
    }
}

/// One metric with its labels.
final class Series: CounterHandler, RecorderHandler, TimerHandler {
    /// How a metric is read.
    enum Kind: String {
        /// Grows only.
        case counter
        /// Stands at a value.
        case gauge
        /// Counts and adds up observations.
        case summary
    }

    private struct Value {
        var sum = 0.0
        var count: Int64 = 0
    }

    let name: String
    let kind: Kind
    let key: String
    private let labels: String
    private let value = Mutex(Value())

    init(_ label: String, _ dimensions: [(String, String)], _ kind: Kind) {
        name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        self.kind = kind
        let pairs = dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
        labels = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
        key = name + labels
    }

    var lines: [String] {
        let now = value.withLock { $0 }
        switch kind {
        case .counter: return ["\(name)\(labels) \(now.count)"]
        case .gauge: return ["\(name)\(labels) \(now.sum)"]
        case .summary:
            return ["\(name)_sum\(labels) \(now.sum)", "\(name)_count\(labels) \(now.count)"]
        }
    }

    func increment(by amount: Int64) {
        value.withLock { $0.count += amount }
    }

    func reset() {
        value.withLock { $0 = Value() }
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        self.value.withLock { now in
            now.sum = kind == .gauge ? value : now.sum + value
            now.count += 1
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    private static func escaped(_ text: String) -> String {
        text.flatMap { character -> [Character] in
            switch character {
            case "\\": ["\\", "\\"]
            case "\"": ["\\", "\""]
            case "\n": ["\\", "n"]
            default: [character]
            }
        }.reduce(into: "") { $0.append($1) }
    }
}
