/// Whether a node is alive and has caught up, check by check.
public struct NodeHealth: Document {
    /// One check.
    public struct Check: Equatable, Sendable {
        /// The check's name.
        public let name: String
        /// Whether it passed.
        public let passed: Bool
        /// What was found, as a sentence or a number.
        public let detail: String

        /// A check of given parts.
        public init(name: String, passed: Bool, detail: String) {
            self.name = name
            self.passed = passed
            self.detail = detail
        }
    }

    /// The checks in a fixed order.
    public let checks: [Check]

    /// A document of given checks.
    public init(_ checks: [Check]) { self.checks = checks }

    /// Whether every check passed.
    public var isHealthy: Bool { checks.allSatisfy(\.passed) }

    /// The document's members.
    public static let shape = ValueShape.object([
        .always("healthy", .boolean, "Whether every check passed."),
        .always("checks", .anything, "Each check by name, with “passed” and “detail”."),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "health")
        var checks: [Check] = []
        for (name, value) in try fields.object("checks").all {
            let check = try DocumentFields(value, of: name)
            checks.append(
                Check(
                    name: name,
                    passed: try check.bool("passed"),
                    detail: try check.string("detail")
                )
            )
        }
        self.init(checks)
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("healthy", isHealthy)
        writer.name("checks")
        writer.beginObject()
        for check in checks {
            writer.name(check.name)
            writer.beginObject()
            writer.member("passed", check.passed)
            writer.member("detail", check.detail)
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
    }
}
