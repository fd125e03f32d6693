import Foundation
import PhiChain
import PhiLevelDB

/// A folder of its own for one test, removed with everything in it when the test ends.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let name = "phi-leveldb-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appending(path: name).path(
            percentEncoded: false
        )
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in the folder.
    func path(of name: String) -> String { "\(path)/\(name)" }

    /// The names of a store's files that end in a given way, in order of age.
    func files(of store: String, ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(of: store))
            .filter { $0.hasSuffix(ending) }
            .sorted()
            .map { "\(path(of: store))/\($0)" }
    }
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A number as eight bytes in the order of the numbers.
func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
}

/// A batch of puts.
func batch(_ pairs: [(String, String)]) -> WriteBatch {
    var batch = WriteBatch()
    for (key, value) in pairs { batch.put(bytes(value), for: bytes(key)) }
    return batch
}

extension KeyValueReader {
    /// The keys that a scan visits, as texts.
    func keys(from lower: String, to upper: String, backwards: Bool = false) throws -> [String] {
        var found: [String] = []
        try scan(from: bytes(lower), to: bytes(upper), backwards: backwards) { key, _ in
            found.append(String(decoding: key, as: UTF8.self))
            return true
        }
        return found
    }

    /// Everything in the store, keys before values.
    func contents(backwards: Bool = false) throws -> [[[UInt8]]] {
        var found: [[[UInt8]]] = []
        try scan(
            from: [],
            to: [UInt8](repeating: .max, count: 64),
            backwards: backwards
        ) { key, value in
            found.append([key, value])
            return true
        }
        return found
    }
}
