import PhiCrypto
import PhiLedger

extension ChainReader {
    /// Entries between two wanted ones up to which passing them by costs less than a new look-up.
    private static var nearby: UInt16 { 8 }
    /// Wanted entries from which on a walk along them costs less than a look-up of each.
    private static var shortestRun: Int { 4 }

    /// The entries at positions that are ordered, up or down.
    ///
    /// Where they lie close together, as in a busy meeting, the store is walked through once: each of
    /// its blocks is then read and checked once, and not for each entry in it.
    func entries(at positions: [Position]) throws(StoreFailure) -> [Entry?] {
        var found = [Entry?](repeating: nil, count: positions.count)
        var start = 0
        while start < positions.count {
            var end = start + 1
            while end < positions.count, Self.isNear(positions[end - 1], positions[end]) {
                end += 1
            }
            if end - start >= Self.shortestRun {
                try walk(positions[start..<end], into: &found)
            } else {
                for index in start..<end { found[index] = try entry(at: positions[index]) }
            }
            start = end
        }
        return found
    }

    private static func isNear(_ one: Position, _ other: Position) -> Bool {
        let distance = max(one.index, other.index) - min(one.index, other.index)
        return one.height == other.height && distance <= nearby
    }

    private func walk(
        _ run: ArraySlice<Position>,
        into found: inout [Entry?]
    ) throws(StoreFailure) {
        guard let first = run.first, let last = run.last else { return }
        // Forwards even where the positions go down: the store steps back much more slowly.
        let isDown = last < first
        var passed = 0
        var values: [[UInt8]] = []
        values.reserveCapacity(run.count)
        func place(_ number: Int) -> Int {
            isDown ? run.endIndex - 1 - number : run.startIndex + number
        }
        try reader.scan(
            from: Schema.key(.entry, min(first, last)),
            to: Schema.key(.entry, max(first, last)) + [0],
            backwards: false
        ) { key, value in
            guard key.count == 1 + Position.byteCount else { return true }
            if Position(reading: key, at: 1) == run[place(passed)] {
                values.append(value)
                passed += 1
            }
            return passed < run.count
        }
        for (number, value) in values.enumerated() {
            found[place(number)] = try entry(decoding: value)
        }
    }
}
