public import PhiCrypto
public import PhiLedger

/// A heavier branch that forks deeper than undo data reaches, waiting for the operator's word.
public struct PendingReorganization: Hashable, Sendable {
    /// The file in the data folder.
    static let fileName = "pending-reorganization"

    /// The best block of the branch.
    public let block: Digest
    /// The last height that both chains share.
    public let fork: Height

    /// A branch with its best block and its fork.
    public init(block: Digest, fork: Height) {
        self.block = block
        self.fork = fork
    }

    /// Reads what `text` wrote.
    init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let block = Digest(hex: words[0]), let height = UInt32(words[1])
        else { return nil }
        self.init(block: block, fork: Height(height))
    }

    /// The block and the height, on one line.
    var text: String { "\(block.hex) \(fork.rawValue)\n" }
}

extension PendingReorganization {
    /// The branch that the node of a data folder refused to follow, if there is one.
    public static func pending(in folder: String) -> PendingReorganization? {
        DataFolder(existing: folder).pendingReorganization
    }

    /// Takes the chain of a stopped node back to the fork, so that it follows the branch.
    ///
    /// - Returns: The folder in which the old chain is kept.
    public static func accept(
        _ pending: PendingReorganization,
        in folder: String,
        progress: (Height) -> Void
    ) throws -> String {
        let evidence = try Rewind.run(
            in: folder,
            to: pending.fork,
            progress: progress
        )
        try DataFolder(existing: folder).clearPendingReorganization()
        return evidence
    }
}
