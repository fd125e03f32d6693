import CLevelDB
import PhiChain

/// The place where the library leaves the text of an error.
@safe struct LibraryMessage: ~Copyable {
    /// Handed to the library as `char**`; what it writes there is freed with this value.
    var text: UnsafeMutablePointer<CChar>?

    init() { unsafe text = nil }

    deinit { unsafe leveldb_free(text) }

    /// Throws when the library has left a text.
    borrowing func check(folder: String) throws(StoreFailure) {
        guard let text = unsafe text else { return }
        throw unsafe StoreFailure(libraryText: String(cString: text), folder: folder)
    }
}

extension StoreFailure {
    /// Reads the kind of a failure from the text that the library made of it.
    ///
    /// The C interface has no codes: a text begins with the kind and ends with the system's reason.
    init(libraryText text: String, folder: String) {
        let lockPrefix = "IO error: lock \(folder)/LOCK: "
        if text.hasPrefix(lockPrefix),
            heldReasons.contains(String(text.dropFirst(lockPrefix.count)))
        {
            self = .locked(path: folder)
        } else if text.hasPrefix("Corruption: ") || text.hasPrefix("Invalid argument: ") {
            self = .corrupted(detail: text)
        } else if tableEndings.contains(where: { text.hasSuffix($0 + ": Invalid argument") }) {
            // What the library says of a place past the end of a mapped table: it was cut short.
            self = .corrupted(detail: text)
        } else {
            self = .inputOutput(detail: text)
        }
    }
}

/// What the library or the system says when another holds the lock.
///
/// POSIX allows both of the system's reasons.
private let heldReasons = [
    "already held by process", "Resource temporarily unavailable", "Permission denied",
]

/// How the names of table files end; the second is what old versions of the library wrote.
private let tableEndings = [".ldb", ".sst"]
