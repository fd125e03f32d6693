public import PhiChain
public import PhiClient
public import PhiCrypto
public import PhiLedger

/// Why work on a data folder or a chain file, without a node, was not done.
public enum OfflineFailure: Error, Equatable, Sendable {
    /// The data folder has no ledger.
    case noLedger(path: String)
    /// The store could not be opened, read or written.
    case store(StoreFailure)
    /// A file could not be read or written.
    case file(FileFailure)
    /// A line of a chain file is not one.
    case line(number: Int, reason: String)
    /// The last line of a chain file has no end.
    case cutOff(number: Int)
    /// The file holds the chain of another network.
    case otherNetwork(found: Digest, expected: Digest)
    /// The file's chain leaves the ledger's at a height.
    case otherBranch(height: Height)
    /// The file skips blocks.
    case gap(expected: Height, found: Height)
    /// A block breaks a rule.
    case block(height: Height, reason: String)
    /// A record of the store is not what the blocks lead to.
    case index(kind: String, detail: String)
    /// Compact bits are no target that the parameters allow.
    case bits(UInt32, limit: UInt32)
    /// Parameters and header make no network.
    case genesis(GenesisFailure)
}

extension OfflineFailure: CustomStringConvertible {
    /// One sentence for a person, with the remedy.
    public var description: String {
        switch self {
        case .noLedger(let path):
            "There is no ledger in \(path); name the node's data folder with --data."
        case .store(let failure): Self.describe(failure)
        case .file(let failure): failure.description
        case .line(let number, let reason):
            "Line \(number) of the file is no block (\(reason)); fetch the file anew."
        case .cutOff(let number):
            "Line \(number) of the file is cut off; fetch the rest of the file and start again."
        case .otherNetwork(let found, let expected):
            "The file holds the chain \(found.hex.prefix(16))…, not "
                + "\(expected.hex.prefix(16))…; name its network with --network."
        case .otherBranch(let height):
            "The file's chain leaves the ledger's at height \(height); import it into another "
                + "data folder."
        case .gap(let expected, let found):
            "The file goes on at height \(found), the ledger needs \(expected) next; import the "
                + "part before first."
        case .block(let height, let reason):
            "The block at height \(height) breaks a rule (\(reason)); do not use this chain."
        case .index(let kind, let detail):
            "The ledger's \(kind) records are not what its blocks lead to (\(detail)); export the "
                + "chain, move the folder away and import it anew."
        case .bits(let found, let limit):
            "--bits \(String(found, radix: 16)) is no target that the parameters allow; the "
                + "easiest is \(String(limit, radix: 16))."
        case .genesis(let failure): "The network cannot be made (\(failure))."
        }
    }

    private static func describe(_ failure: StoreFailure) -> String {
        switch failure {
        case .locked(let path): "The folder \(path) is in use by a running node; stop it first."
        case .corrupted(let detail):
            "The ledger is damaged (\(detail)); move its folder away and sync or import it anew."
        case .inputOutput(let detail):
            "The disk refused (\(detail)); check its space and the rights of the folder."
        case .malformedRecord(let kind):
            "The ledger has a malformed \(kind) record; move its folder away and sync it anew."
        case .newerFormat(let found, let supported):
            "The ledger has format \(found), this program reads \(supported); update it."
        case .otherNetwork(let found, let expected):
            "The folder belongs to the chain \(found.prefix(16))…, not "
                + "\(expected.prefix(16))…; name another folder or its network."
        }
    }
}
