/// Work that is shared among cores.
enum Cores {
    /// Runs one piece of work on each of some cores and answers their results in order.
    @concurrent static func run<Result: Sendable>(
        _ count: Int,
        _ work: @escaping @Sendable (_ core: Int) throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            for core in 0..<count { group.addTask { (core, try work(core)) } }
            var results: [(Int, Result)] = []
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Cuts some elements into pieces and answers what the work makes of each, in order.
    @concurrent static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element],
        stride: Int = 64,
        _ work: @escaping @Sendable (ArraySlice<Element>) throws -> [Result]
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, [Result]).self) { group in
            for start in Swift.stride(from: 0, to: elements.count, by: stride) {
                let part = elements[start..<min(start + stride, elements.count)]
                group.addTask { (start, try work(part)) }
            }
            var parts: [(Int, [Result])] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
