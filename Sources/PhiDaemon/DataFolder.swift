import PhiChain
import PhiClient
import PhiCrypto
import PhiLedger
import PhiWire

/// The files of a node beside its ledger: all of them private to the operator.
struct DataFolder: Sendable {
    private static let seedByteCount = 32
    private static let tokenByteCount = 32
    private static let smallFileLimit = 4_096
    private static let peersByteLimit = 6 << 20

    /// The folder itself.
    let path: String

    /// Where the store is.
    var ledger: String { path + "/ledger" }

    private var identityFile: String { path + "/identity" }
    private var tokenFile: String { path + "/rpc.token" }
    private var peersFile: String { path + "/peers" }
    private var networkFile: String { path + "/network" }
    private var pendingFile: String { path + "/" + PendingReorganization.fileName }

    /// A folder that is looked into and not made.
    init(existing path: String) {
        self.path = path
    }

    /// Opens a folder, made private where it is new.
    init(_ path: String) throws(FileFailure) {
        self.path = path
        try PrivateFile.makeFolder(path)
        try LedgerPlaces(folder: path).settle()
    }

    /// Refuses the data of another network or a newer program before the store is touched.
    func check(_ network: Network) throws(StoreFailure) {
        guard let bytes = try? PrivateFile.read(networkFile, limit: Self.smallFileLimit) else {
            return
        }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let version = UInt32(words[0]), let chain = Digest(hex: words[1])
        else { throw .malformedRecord(kind: "network file") }
        guard version <= Schema.currentVersion else {
            throw .newerFormat(found: version, supported: Schema.currentVersion)
        }
        guard chain == network.chain else {
            throw .otherNetwork(found: chain.hex, expected: network.chain.hex)
        }
    }

    /// Writes down whose data this is, once the store has agreed.
    func claim(for network: Network) throws(FileFailure) {
        let text = "\(Schema.currentVersion) \(network.chain.hex)\n"
        try PrivateFile.replace(networkFile, with: Array(text.utf8))
    }

    /// The seed of the node's key towards peers, made at the first start.
    func identitySeed() throws -> [UInt8] {
        let bytes = try read(identityFile, orMake: { Self.random(Self.seedByteCount) })
        guard bytes.count == Self.seedByteCount else {
            throw DamagedFile(path: identityFile)
        }
        return bytes
    }

    /// The token of the RPC interface, made at the first start.
    func rpcToken() throws -> String {
        let bytes = try read(tokenFile) {
            let word = Self.random(Self.tokenByteCount)
            return Array(Digest(reading: word, at: 0).hex.utf8) + [UInt8(ascii: "\n")]
        }
        let word = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard word.utf8.count >= Self.tokenByteCount else { throw DamagedFile(path: tokenFile) }
        return word
    }

    /// The book of addresses of the last run; nil where there is none.
    func peers() throws(FileFailure) -> [UInt8]? {
        do { return try PrivateFile.read(peersFile, limit: Self.peersByteLimit) } catch {
            guard case .absent = error else { throw error }
            return nil
        }
    }

    /// The node records in a file of an earlier version; damaged ones are left out.
    static func records(in bytes: [UInt8]) -> [NodeRecord] {
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

    /// Keeps the book of addresses for the next start.
    func keep(peers bytes: [UInt8]) throws(FileFailure) {
        try PrivateFile.replace(peersFile, with: bytes)
    }

    /// The branch that the node refused to follow without the operator's word, if there is one.
    var pendingReorganization: PendingReorganization? {
        guard let bytes = try? PrivateFile.read(pendingFile, limit: Self.smallFileLimit) else {
            return nil
        }
        return PendingReorganization(String(decoding: bytes, as: UTF8.self))
    }

    /// Writes down the branch that the node refused to follow.
    func keep(_ pending: PendingReorganization) throws(FileFailure) {
        try PrivateFile.replace(pendingFile, with: Array(pending.text.utf8))
    }

    /// Forgets the branch that the node refused to follow.
    func clearPendingReorganization() throws {
        try LedgerPlaces.remove(pendingFile)
    }

    private func read(
        _ file: String,
        orMake make: () -> [UInt8]
    ) throws(FileFailure) -> [UInt8] {
        do { return try PrivateFile.read(file, limit: Self.smallFileLimit) } catch {
            guard case .absent = error else { throw error }
        }
        let bytes = make()
        try PrivateFile.replace(file, with: bytes)
        return bytes
    }

    private static func random(_ count: Int) -> [UInt8] {
        var source = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &source) }
    }
}

/// A file does not hold what it should.
struct DamagedFile: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path) is damaged; move it away and a new one is made at the next start"
    }
}
