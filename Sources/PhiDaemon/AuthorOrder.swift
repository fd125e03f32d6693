import PhiLedger

/// Entries sorted by author, so that signatures by one key are checked in a row.
struct AuthorOrder {
    /// The entries' positions, those of an author beside each other.
    let positions: [Int]

    init(_ entries: [Entry]) {
        positions = entries.indices.sorted { first, second in
            let (one, other) = (entries[first].author, entries[second].author)
            return one == other ? first < second : one < other
        }
    }

    /// What was found in this order, in the order of the entries.
    ///
    /// - Precondition: There is one for each entry.
    func restored<Found>(_ found: [Found]) -> [Found] {
        precondition(found.count == positions.count, "each entry has a verdict")
        var places = positions
        for (rank, position) in positions.enumerated() { places[position] = rank }
        return places.map { found[$0] }
    }
}
