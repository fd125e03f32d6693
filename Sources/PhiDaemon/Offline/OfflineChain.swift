import PhiChain
import PhiClient
import PhiConsensus
import PhiLedger
import PhiLevelDB

/// Work on a ledger whose node is stopped.
public enum OfflineChain {
    /// How far a work is.
    public struct Progress: Sendable {
        /// Blocks done.
        public let blocks: UInt64
        /// Entries done.
        public let entries: UInt64
        /// The part that is done, from 0 to 1.
        public let fraction: Double
    }

    /// Entries that are judged at a time, so that all cores have enough to do.
    static let entriesAtOnce = 4_096
    /// Blocks that are judged at a time, where they are empty.
    static let blocksAtOnce = 1_024

    /// Where the ledger of a data folder is.
    static func ledgerPath(in dataFolder: String) -> String { dataFolder + "/ledger" }

    /// Opens the store of a data folder.
    static func open(
        _ dataFolder: String,
        network: Network,
        creating: Bool
    ) throws(OfflineFailure) -> LevelDBStore {
        do { try DataFolder(existing: dataFolder).check(network) } catch { throw .store(error) }
        let path = ledgerPath(in: dataFolder)
        if creating {
            do { try PrivateFile.makeFolder(dataFolder) } catch { throw .file(error) }
        } else {
            do {
                _ = try PrivateFile.read(path + "/CURRENT", limit: 4_096, isSecret: false)
            } catch {
                guard case .absent = error else { throw .file(error) }
                throw .noLedger(path: dataFolder)
            }
        }
        do {
            let store = try LevelDBStore(path: path)
            try StoreFormat.prepare(store, network: network)
            return store
        } catch { throw .store(error) }
    }

    /// A call of the store, with its failure as this one's.
    static func reading<Value>(
        _ call: () throws(StoreFailure) -> Value
    ) throws(OfflineFailure) -> Value {
        do { return try call() } catch { throw .store(error) }
    }
}
