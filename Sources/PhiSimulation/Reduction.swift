/// What is left of a seed's scenario to see one failure in less.
public struct Reduction: Hashable, Sendable {
    /// Nodes that stay, or nil for all.
    public var nodes: Int?
    /// Milliseconds that stay, or nil for all.
    public var duration: UInt64?
    /// Places of the faults that stay, or nil for all.
    public var faults: [Int]?
    /// Places of the dishonest peers that stay, or nil for all.
    public var dishonest: [Int]?

    /// Everything stays.
    public init() {}

    /// The options that make the program run this part of a scenario.
    public var options: String {
        var options = ""
        if let nodes { options += " --nodes \(nodes)" }
        if let duration { options += " --duration \(duration)" }
        if let faults { options += " --faults \(Self.list(faults))" }
        if let dishonest { options += " --strangers \(Self.list(dishonest))" }
        return options
    }

    private static func list(_ places: [Int]) -> String {
        places.isEmpty ? "none" : places.map(String.init).joined(separator: ",")
    }
}
