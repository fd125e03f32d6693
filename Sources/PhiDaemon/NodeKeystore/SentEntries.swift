import PhiClient
import PhiConsensus
import PhiCrypto
import PhiLedger
import Synchronization

/// Entries that were signed here and that the chain does not have yet, kept in a file.
///
/// An author never signs a second entry for a number while the first can still be recorded, not
/// even when the pool has lost the first. So each is on the disk before it leaves, and is sent
/// again until it is recorded, refused for good or expired.
final class SentEntries: Sendable {
    private static let byteLimit = 256 << 20

    private let path: String
    private let entries: Mutex<[Digest: Entry]>

    /// Reads the file, if there is one.
    init(path: String, payloadLimit: UInt32) throws(KeystoreFailure) {
        self.path = path
        var found: [Digest: Entry] = [:]
        let bytes: [UInt8]
        do {
            bytes = try PrivateFile.read(path, limit: Self.byteLimit)
        } catch .absent {
            bytes = []
        } catch { throw .file(error) }
        var reader = ByteReader(bytes)
        do {
            while reader.remaining > 0 {
                let entry = try Entry(from: &reader, payloadLimit: payloadLimit)
                found[entry.id] = entry
            }
        } catch { throw .damaged(error) }
        entries = Mutex(found)
    }

    /// All of them, each author's in their order.
    var all: [Entry] {
        Self.inOrder(entries.withLock { $0 })
    }

    /// Those of one author in one meeting, in their order.
    func of(_ slot: AuthorSlot) -> [Entry] {
        all.filter { $0.meeting == slot.meeting && $0.author == slot.author }
    }

    /// Keeps an entry; it is on the disk when this returns.
    func keep(_ entry: Entry) throws(KeystoreFailure) {
        try change { $0[entry.id] = entry }
    }

    /// Forgets entries that need not be sent again.
    func forget(_ ids: [Digest]) throws(KeystoreFailure) {
        guard !ids.isEmpty else { return }
        try change { entries in
            for id in ids { entries[id] = nil }
        }
    }

    private func change(
        _ body: (inout [Digest: Entry]) -> Void
    ) throws(KeystoreFailure) {
        do throws(FileFailure) {
            try entries.withLock { (entries: inout [Digest: Entry]) throws(FileFailure) in
                var changed = entries
                body(&changed)
                try PrivateFile.replace(path, with: Self.inOrder(changed).flatMap(\.bytes))
                entries = changed
            }
        } catch { throw .file(error) }
    }

    private static func inOrder(_ entries: [Digest: Entry]) -> [Entry] {
        entries.values.sorted { left, right in
            let one = AuthorSlot(of: left)
            let other = AuthorSlot(of: right)
            return one == other ? left.sequence < right.sequence : one < other
        }
    }
}
