/// Finds what a person probably meant.
enum NearestName {
    /// The name that differs least from what was written, when it differs little.
    static func of(_ written: String, among names: [String]) -> String? {
        guard written.utf8.count <= 64 else { return nil }
        let wanted = Array(written.lowercased().utf8)
        let tolerance = max(1, wanted.count / 3)
        let ranked = names.map {
            (name: $0, distance: distance(wanted, Array($0.lowercased().utf8)))
        }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= tolerance
        else { return nil }
        return best.name
    }

    /// How many letters must be put, taken or changed to make one word of the other.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (line, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, counterpart) in other.enumerated() {
                let changed = diagonal + (letter == counterpart ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
