import CReference
import PhiChain
import PhiLevelDB

/// Batches that LevelDB writes alone, in a loop in C.
struct ReferenceStore {
    /// Batches in the form that the loop takes.
    private let batches: [[UInt8]]

    init(_ batches: [WriteBatch]) {
        self.batches = batches.map { batch in
            var bytes: [UInt8] = []
            for change in batch.changes {
                Self.append(UInt32(change.key.count), to: &bytes)
                Self.append(change.value.map { UInt32($0.count) } ?? .max, to: &bytes)
                bytes += change.key
                bytes += change.value ?? []
            }
            return bytes
        }
    }

    /// Writes each batch durably into a new store; answers how many seconds that took.
    func write(in folder: String) throws -> Double {
        let options = LevelDBOptions()
        guard
            let store = unsafe phi_bare_store_create(
                folder + "/reference",
                options.writeBufferBytes,
                options.tableBytes,
                options.filterBitsPerKey
            )
        else { throw MeasureFailure.file(path: folder, reason: "no store can be made") }
        defer { unsafe phi_bare_store_destroy(store) }
        let watch = Stopwatch()
        for batch in batches {
            guard unsafe phi_bare_store_write(store, batch, batch.count) == 1 else {
                throw MeasureFailure.file(path: folder, reason: "a batch was not written")
            }
        }
        return watch.seconds
    }

    private static func append(_ length: UInt32, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: length) { unsafe bytes.append(contentsOf: $0) }
    }
}
