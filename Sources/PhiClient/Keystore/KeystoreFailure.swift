public import PhiCrypto
public import PhiLedger

/// Why a keystore cannot be used.
public enum KeystoreFailure: Error, Equatable, Sendable {
    /// The file could not be read, written or locked.
    case file(FileFailure)
    /// The file is something else.
    case notKeystore
    /// The file was written by a newer program.
    case newerFormat(String)
    /// The keystore is sealed, and no passphrase was given.
    case passphraseNeeded(path: String)
    /// The passphrase is not the one, or the file was changed by somebody.
    case wrongPassphrase
    /// The file is broken, or was changed by somebody.
    case damaged(DecodingFailure)
    /// The library refused.
    case crypto(CryptoFailure)
}

extension KeystoreFailure: CustomStringConvertible {
    /// One sentence for a person, with the remedy.
    public var description: String {
        switch self {
        case .file(.absent(let path)):
            "There is no keystore at \(path); make one with “phi-ledger identity create”."
        case .file(.locked(let path)): FileFailure.locked(path: path).description
        case .file(let failure): failure.description
        case .notKeystore: "The file is no keystore of Phi; check the path given to --keystore."
        case .newerFormat(let title):
            "The keystore has the format “\(title)”, which is newer than this program; update it."
        case .passphraseNeeded(let path):
            "The keystore \(path) is sealed; give its passphrase with --passphrase-file."
        case .wrongPassphrase:
            "The passphrase is wrong, or the keystore was changed; try again, or restore a backup."
        case .damaged(let failure):
            "The keystore is damaged (\(failure)); restore a backup with “identity import”."
        case .crypto: "The cryptographic library could not open the keystore; restore a backup."
        }
    }
}
