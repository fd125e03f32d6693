import FoundationEssentials
import PhiClient

/// Where the ledger of a data folder is, was, and will be.
struct LedgerPlaces: Sendable {
    /// The ledger in use.
    let ledger: String
    /// A ledger that is being built.
    let draft: String
    /// The ledger before the last rewind.
    let evidence: String

    /// The places in a data folder.
    init(folder: String) {
        ledger = folder + "/ledger"
        draft = folder + "/ledger.new"
        evidence = folder + "/ledger.replaced"
    }

    /// Throws a half-built ledger away.
    func clearDraft() throws { try Self.remove(draft) }

    /// Puts the new ledger in place of the old one, which is kept.
    func exchange() throws -> String {
        try Self.remove(evidence)
        try FileManager.default.moveItem(atPath: ledger, toPath: evidence)
        try FileManager.default.moveItem(atPath: draft, toPath: ledger)
        return evidence
    }

    /// Finishes an exchange that was interrupted between its two steps.
    func settle() throws(FileFailure) {
        let files = FileManager.default
        guard !files.fileExists(atPath: ledger), files.fileExists(atPath: evidence),
            files.fileExists(atPath: draft)
        else { return }
        do { try files.moveItem(atPath: draft, toPath: ledger) } catch {
            throw .system(call: "rename", path: draft, reason: "\(error)")
        }
    }

    /// Removes a file or folder, where there is one.
    static func remove(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }
}
