/// Why a file of the user could not be read, written or locked.
public enum FileFailure: Error, Equatable, Sendable {
    /// The file is not there.
    case absent(path: String)
    /// The file is there already, and must not be replaced.
    case exists(path: String)
    /// The file is longer than what it should hold can be.
    case tooLong(path: String, limit: Int)
    /// Others than the owner may read or write the file.
    case readableByOthers(path: String)
    /// Another process holds the lock.
    case locked(path: String)
    /// The system refused, for the reason that it gave.
    case system(call: String, path: String, reason: String)
}

extension FileFailure: CustomStringConvertible {
    /// One sentence for a person, with the remedy.
    public var description: String {
        switch self {
        case .absent(let path): "There is no file \(path)."
        case .exists(let path): "The file \(path) is there already; move it away or name another."
        case .tooLong(let path, let limit):
            "The file \(path) is longer than \(limit) bytes, so it is not what it should be."
        case .readableByOthers(let path):
            "The file \(path) can be read by others; run “chmod 600 \(path)” first."
        case .locked(let path):
            "Another phi-ledger is using \(path); wait until it has ended and try again."
        case .system(let call, let path, let reason):
            "The system could not \(call) \(path): \(reason)."
        }
    }
}
