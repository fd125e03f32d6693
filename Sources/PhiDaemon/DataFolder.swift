import FoundationEssentials
import PhiWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files of a node beside its ledger: all of them private to the operator.
struct DataFolder: Sendable {
    private static let seedByteCount = 32
    private static let peersByteLimit = 1 << 20

    /// The folder itself.
    let path: String

    /// Where the store is.
    var ledger: String { path + "/ledger" }
    /// Where the token of the RPC interface is.
    var token: String { path + "/rpc.token" }

    /// Opens a folder, made private where it is new.
    init(_ path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try LedgerPlaces(folder: path).settle()
        } catch { throw DataFolderFailure.cannotCreate(path: path, reason: "\(error)") }
    }

    /// The branch that the node refused to follow without the operator's word, if there is one.
    var pendingReorganization: PendingReorganization? {
        FileManager.default.contents(atPath: path + "/" + PendingReorganization.fileName)
            .flatMap { PendingReorganization(String(decoding: $0, as: UTF8.self)) }
    }

    /// Writes down the branch that the node refused to follow.
    func keep(_ pending: PendingReorganization) throws {
        try write(Array(pending.text.utf8), to: PendingReorganization.fileName)
    }

    /// Forgets the branch that the node refused to follow.
    func clearPendingReorganization() {
        try? FileManager.default.removeItem(
            atPath: path + "/" + PendingReorganization.fileName
        )
    }

    /// The seed of the node's key towards peers, made at the first start.
    func identitySeed() throws -> [UInt8] {
        let bytes = try read("identity", orMake: { Self.random(Self.seedByteCount) })
        guard bytes.count == Self.seedByteCount else {
            throw DataFolderFailure.damaged(file: path + "/identity")
        }
        return bytes
    }

    /// The token of the RPC interface, made at the first start.
    func rpcToken() throws -> String {
        let bytes = try read("rpc.token") {
            Array(Self.random(32).flatMap(Self.hexadecimal)) + [UInt8(ascii: "\n")]
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let token = text.filter { !$0.isWhitespace }
        guard token.utf8.count >= 32 else { throw DataFolderFailure.damaged(file: token) }
        return token
    }

    /// The node records that were known when the node last ran; damaged ones are left out.
    func peers() -> [NodeRecord] {
        guard let data = FileManager.default.contents(atPath: path + "/peers"),
            data.count <= Self.peersByteLimit
        else { return [] }
        let bytes = Array(data)
        var records: [NodeRecord] = []
        var offset = 0
        while offset + 2 <= bytes.count {
            let count = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
            offset += 2
            guard offset + count <= bytes.count else { break }
            let record = try? NodeRecord(decoding: Array(bytes[offset..<offset + count]))
            if let record { records.append(record) }
            offset += count
        }
        return records
    }

    /// Keeps node records for the next start.
    func keep(_ records: [NodeRecord]) throws {
        var bytes: [UInt8] = []
        for record in records {
            let encoded = record.encoded
            bytes.append(UInt8(encoded.count >> 8))
            bytes.append(UInt8(encoded.count & 0xff))
            bytes.append(contentsOf: encoded)
        }
        try write(bytes, to: "peers")
    }

    private func read(_ name: String, orMake make: () -> [UInt8]) throws -> [UInt8] {
        if let data = FileManager.default.contents(atPath: path + "/" + name) {
            return Array(data)
        }
        let bytes = make()
        try write(bytes, to: name)
        return bytes
    }

    /// Writes a file whole or not at all, readable by the operator alone.
    private func write(_ bytes: [UInt8], to name: String) throws {
        let place = path + "/" + name
        let draft = place + ".new"
        let made = FileManager.default.createFile(
            atPath: draft,
            contents: Data(bytes),
            attributes: [.posixPermissions: 0o600]
        )
        guard made else { throw DataFolderFailure.cannotWrite(file: place) }
        guard unsafe rename(draft, place) == 0 else {
            throw DataFolderFailure.cannotWrite(file: place)
        }
    }

    private static func random(_ count: Int) -> [UInt8] {
        var source = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &source) }
    }

    private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}

/// Why the data folder cannot be used.
enum DataFolderFailure: Error, CustomStringConvertible {
    /// The folder is not there and cannot be made.
    case cannotCreate(path: String, reason: String)
    /// A file cannot be written.
    case cannotWrite(file: String)
    /// A file does not hold what it should.
    case damaged(file: String)

    var description: String {
        switch self {
        case .cannotCreate(let path, let reason):
            "the data folder \(path) cannot be made: \(reason); name another with --data"
        case .cannotWrite(let file):
            "\(file) cannot be written; check the space and the rights of its folder"
        case .damaged(let file):
            "\(file) is damaged; move it away and a new one is made at the next start"
        }
    }
}
