import Logging
import PhiDaemon

/// Runs a node in this process until a signal ends it.
enum NodeProgram {
    /// Runs a node.
    ///
    /// - Parameters:
    ///   - configuration: The node's settings.
    ///   - console: Where the node says where it is.
    ///   - advice: What a person is told beside that.
    /// - Throws: Why the node did not start or could not go on.
    static func run(
        _ configuration: Configuration,
        console: Console,
        advice: @escaping @Sendable (Daemon.Announcement) -> String = { _ in "" }
    ) async throws {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = configuration.logLevel
            return handler
        }
        let metrics = Exposition.installed()
        try await Daemon.run(
            configuration,
            metrics: metrics,
            logger: Logger(label: "phi-ledger"),
            announce: { announcement in
                console.emit(
                    announcement.json(configuration),
                    announcement.text(configuration) + advice(announcement)
                )
            }
        )
    }
}
