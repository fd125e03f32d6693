import PhiAPI

/// One measured number.
struct Figure: Sendable {
    /// What was measured, in words.
    let name: String
    /// The number.
    let value: Double
    /// What the number counts.
    let unit: String

    init(_ name: String, _ value: Double, _ unit: String) {
        self.name = name
        self.value = value
        self.unit = unit
    }
}

/// The numbers of one measurement, as a table for people or a document for programs.
struct Report: Sendable {
    /// The subcommand that measured.
    let subject: String
    private var figures: [Figure] = []

    init(_ subject: String) {
        self.subject = subject
    }

    mutating func add(_ name: String, _ value: Double, _ unit: String) {
        figures.append(Figure(name, value, unit))
    }

    mutating func add(_ name: String, _ count: Int, _ unit: String) {
        add(name, Double(count), unit)
    }

    /// The median and the 99th percentile of some durations.
    mutating func add(_ name: String, _ latencies: Latencies) {
        add("\(name), p50", latencies.percentile(50) * 1_000, "ms")
        add("\(name), p99", latencies.percentile(99) * 1_000, "ms")
        add("\(name), greatest", latencies.percentile(100) * 1_000, "ms")
    }

    /// Writes the report to the standard output.
    func show(asJSON: Bool) {
        print(asJSON ? json : table)
    }

    private var table: String {
        let names = figures.map { $0.name.count }.max() ?? 0
        let values = figures.map { Decimal.grouped($0.value).count }.max() ?? 0
        let lines = figures.map { figure in
            let value = Decimal.grouped(figure.value)
            return "  " + figure.name + String(repeating: " ", count: names - figure.name.count)
                + "  " + String(repeating: " ", count: values - value.count) + value
                + " " + figure.unit
        }
        return ([subject] + lines).joined(separator: "\n")
    }

    private var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("subject")
        writer.string(subject)
        writer.name("figures")
        writer.beginArray()
        for figure in figures {
            writer.beginObject()
            writer.name("name")
            writer.string(figure.name)
            writer.name("value")
            writer.raw(Decimal.plain(figure.value).utf8)
            writer.name("unit")
            writer.string(figure.unit)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.text
    }
}

/// Numbers as decimal text.
enum Decimal {
    /// With three digits that count, and thousands set apart.
    static func grouped(_ value: Double) -> String {
        guard abs(value) < 999.5 else { return separated(Int(value.rounded())) }
        return fixed(value, places: abs(value) < 9.995 ? 3 : 1)
    }

    /// With six places and nothing else, as JSON has numbers.
    static func plain(_ value: Double) -> String {
        value.isFinite ? fixed(value, places: 6) : "null"
    }

    private static func fixed(_ value: Double, places: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: places - fraction.count)
        return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / scale).\(zeros)\(fraction)"
    }

    private static func separated(_ value: Int) -> String {
        var text = ""
        for (index, digit) in String(abs(value)).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }
}
