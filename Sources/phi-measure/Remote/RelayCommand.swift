import ArgumentParser
import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger

/// Measures how long an entry takes to all nodes.
struct RelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay",
        abstract: "Submit entries at the first node and wait until all nodes tell of them."
    )

    private static let patience = 60.0

    @OptionGroup var remote: RemoteOptions

    @Option(help: "How many entries.")
    var count = 300

    @Option(help: "Milliseconds from one entry to the next.")
    var interval = 30

    @OptionGroup var report: ReportOptions

    func run() async throws {
        let settings = try remote.settings()
        guard settings.count >= 2 else {
            throw MeasureFailure.option("give two or more --rpc-url")
        }
        let prepared = try await NodeClient.with(settings[0]) { client in
            let prepared = try await PreparedAuthors(count, at: client)
            _ = try await client.submit(prepared.open)
            return prepared
        }
        for setting in settings {
            try await NodeClient.with(setting) { try await Self.await(prepared.open.id, at: $0) }
        }
        let arrivals = Arrivals(nodes: settings.count)
        let blocks = Arrivals(nodes: settings.count)
        let delays = try await withThrowingTaskGroup(of: [Double]?.self) { group in
            for (node, setting) in settings.enumerated() {
                group.addTask {
                    try await Self.listen(setting, node, to: .meeting(prepared.meeting), arrivals)
                    return nil
                }
                group.addTask {
                    try await Self.listen(setting, node, to: .blocks, blocks)
                    return nil
                }
            }
            group.addTask { try await submit(prepared, to: settings[0], arrivals) }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            return []
        }
        var report = Report("relay")
        report.add("nodes", settings.count, "nodes")
        report.add("entries", count, "entries")
        report.add("entries that not all nodes told of", count - delays.count, "entries")
        report.add("from submitting until all nodes tell of it", Latencies(delays))
        let spans = await blocks.spans
        report.add("blocks that all nodes told of", spans.count, "blocks")
        report.add("block from the first node to the last", Latencies(spans))
        report.show(asJSON: self.report.asJSON)
    }

    /// Submits one entry after another and answers how many seconds each took to the last node.
    private func submit(
        _ prepared: PreparedAuthors,
        to settings: NodeClient.Settings,
        _ arrivals: Arrivals
    ) async throws -> [Double] {
        try await Task.sleep(for: .milliseconds(500))
        let starts = try await NodeClient.with(settings) { client in
            var starts: [(id: Digest, at: ContinuousClock.Instant)] = []
            for entry in prepared.inTurns {
                starts.append((entry.id, .now))
                _ = try await client.submit(entry)
                try await Task.sleep(for: .milliseconds(interval))
            }
            return starts
        }
        let watch = Stopwatch()
        while await arrivals.completeCount < count, watch.seconds < Self.patience {
            try await Task.sleep(for: .milliseconds(20))
        }
        var delays: [Double] = []
        for start in starts {
            guard let last = await arrivals.last(start.id) else { continue }
            delays.append(start.at.duration(to: last).inSeconds)
        }
        return delays
    }

    /// Notes every entry or block of a topic that a node tells of, until the task is canceled.
    private static func listen(
        _ settings: NodeClient.Settings,
        _ node: Int,
        to topic: Topic,
        _ arrivals: Arrivals
    ) async throws {
        do {
            try await NodeClient.with(settings) { client in
                try await LiveEvents(of: topic, at: client).listen { event in
                    let time = ContinuousClock.now
                    switch try? LedgerEventDocument(json: event.json) {
                    case .entry(let document): await arrivals.note(document.id, at: node, time)
                    case .connected(let document):
                        await arrivals.note(document.header.hash, at: node, time)
                    default: break
                    }
                    return .more
                }
            }
        } catch {
            guard Task.isCancelled else { throw error }
        }
    }

    /// Waits until a node knows an entry.
    private static func await(_ entry: Digest, at client: NodeClient) async throws {
        let watch = Stopwatch()
        while try await client.status(of: entry).status == .unknown {
            guard watch.seconds < patience else {
                throw MeasureFailure.timedOut("\(client.address) did not hear of the meeting")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
