import ArgumentParser

/// How a report is shown.
struct ReportOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Write a JSON document instead of a table.")
    var asJSON = false
}
