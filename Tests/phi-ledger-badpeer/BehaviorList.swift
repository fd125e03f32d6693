/// Why a list names no behaviors.
struct BehaviorListFailure: Error, CustomStringConvertible {
    let description: String
}

/// Reads which behaviors a person wants.
enum BehaviorList {
    /// The behaviors of a list such as `1-6,25,stall`, each once, in the catalogue's order.
    ///
    /// - Parameter text: Numbers, ranges and names with commas between them, or `all`.
    /// - Returns: The behaviors, one at least.
    /// - Throws: Which part of the list means nothing.
    static func parse(_ text: String) throws(BehaviorListFailure) -> [any Behavior.Type] {
        var wanted: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            wanted.formUnion(try numbers(of: String(part)))
        }
        return Catalogue.behaviors.filter { wanted.contains($0.number) }
    }

    private static func numbers(of part: String) throws(BehaviorListFailure) -> Set<Int> {
        if part == "all" { return Set(Catalogue.behaviors.map { $0.number }) }
        if let behavior = Catalogue.behaviors.first(where: { $0.name == part }) {
            return [behavior.number]
        }
        let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ Int($0) }), let last = ends.last.flatMap({ Int($0) })
        else { throw BehaviorListFailure(description: "“\(part)” is no behavior.") }
        guard first <= last else {
            throw BehaviorListFailure(description: "“\(part)” runs backwards.")
        }
        guard first >= 1, last <= Catalogue.limit else {
            throw BehaviorListFailure(
                description: "“\(part)” leaves the catalogue, 1 to \(Catalogue.limit)."
            )
        }
        return Set(first...last)
    }
}
