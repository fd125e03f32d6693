public import PhiCrypto
import Synchronization

/// A file with a person's identity and meetings, which processes change one after another.
///
/// The file is replaced as a whole, so a crash leaves the old or the new one. It is readable by its
/// owner only, and sealed where a passphrase is set.
public final class Keystore: Sendable {
    /// Where the file is.
    public let path: String
    private let passphrase: [UInt8]?
    private let cost: PassphraseCost
    /// The seal of the file as it was last read, to spare the costly derivation.
    private let seal: Mutex<(front: [UInt8], seal: KeystoreSeal)?> = Mutex(nil)

    private static let lockPause = Duration.milliseconds(50)

    private init(path: String, passphrase: [UInt8]?, cost: PassphraseCost) {
        self.path = path
        self.passphrase = passphrase.flatMap { $0.isEmpty ? nil : $0 }
        self.cost = cost
    }

    /// Makes a keystore where there is none.
    ///
    /// - Parameters:
    ///   - path: The file; its folder is made, readable by the owner only.
    ///   - contents: What it shall hold.
    ///   - passphrase: What seals it; nil or nothing leaves it open.
    ///   - cost: What the passphrase is worth.
    /// - Returns: The keystore.
    /// - Throws: `file(.exists)` where there is one.
    public static func create(
        at path: String,
        contents: KeystoreContents,
        passphrase: [UInt8]? = nil,
        cost: PassphraseCost = .standard
    ) throws(KeystoreFailure) -> Keystore {
        let keystore = Keystore(path: path, passphrase: passphrase, cost: cost)
        let text = try keystore.text(of: contents)
        do {
            try PrivateFile.makeFolder(PrivateFile.folder(of: path))
            try PrivateFile.write(new: path, text)
        } catch { throw .file(error) }
        return keystore
    }

    /// Opens a keystore, and reads it once to see that it can be read.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - passphrase: What it is sealed with; nil where it is not.
    ///   - cost: What the passphrase is worth when the file is sealed anew.
    /// - Returns: The keystore.
    /// - Throws: Why it cannot be read.
    public static func open(
        at path: String,
        passphrase: [UInt8]? = nil,
        cost: PassphraseCost = .standard
    ) throws(KeystoreFailure) -> Keystore {
        let keystore = Keystore(path: path, passphrase: passphrase, cost: cost)
        _ = try keystore.contents()
        return keystore
    }

    /// Whether a file is a keystore that asks for a passphrase.
    public static func isSealed(at path: String) throws(KeystoreFailure) -> Bool {
        try KeystoreFile.body(of: read(path)).isSealed
    }

    /// What the file holds now.
    public func contents() throws(KeystoreFailure) -> KeystoreContents {
        let (body, isSealed) = try KeystoreFile.body(of: Self.read(path))
        let bytes = isSealed ? try opened(body) : try KeystoreFile.contents(ofOpen: body)
        do { return try KeystoreContents(decoding: bytes) } catch { throw .damaged(error) }
    }

    /// A copy of the keystore as text, sealed with a passphrase of its own, for a backup.
    public func backup(passphrase: [UInt8]?) throws(KeystoreFailure) -> [UInt8] {
        try Keystore(path: path, passphrase: passphrase, cost: cost).text(of: contents())
    }

    /// Reads the contents of a backup.
    public static func contents(
        ofBackup text: [UInt8],
        passphrase: [UInt8]?
    ) throws(KeystoreFailure) -> KeystoreContents {
        let (body, isSealed) = try KeystoreFile.body(of: text)
        let bytes: [UInt8]
        if isSealed {
            guard let passphrase, !passphrase.isEmpty else {
                throw .passphraseNeeded(path: "of the backup")
            }
            bytes = try KeystoreSeal.open(body, passphrase: passphrase).contents
        } else {
            bytes = try KeystoreFile.contents(ofOpen: body)
        }
        do { return try KeystoreContents(decoding: bytes) } catch { throw .damaged(error) }
    }

    /// Lends the contents while no other process can change them.
    ///
    /// - Parameters:
    ///   - patience: How long to wait for another process.
    ///   - body: Changes the contents by `save`, as often as it needs.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws, or why the keystore cannot be used.
    public func exclusively<Result>(
        patience: Duration = .seconds(120),
        _ body: (_ keystore: HeldKeystore) async throws -> Result
    ) async throws -> Result {
        let lock = try await acquire(patience: patience)
        let result = try await body(HeldKeystore(keystore: self))
        lock.release()
        return result
    }

    private func acquire(patience: Duration) async throws -> FileLock {
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        while true {
            do {
                return try FileLock(path + ".lock")
            } catch {
                guard case .locked = error, clock.now < deadline else {
                    throw KeystoreFailure.file(error)
                }
                try await Task.sleep(for: Self.lockPause)
            }
        }
    }

    fileprivate func save(_ contents: KeystoreContents) throws(KeystoreFailure) {
        let text = try text(of: contents)
        do { try PrivateFile.replace(path, with: text) } catch { throw .file(error) }
    }

    private func text(of contents: KeystoreContents) throws(KeystoreFailure) -> [UInt8] {
        guard let passphrase else {
            return KeystoreFile.text(of: KeystoreFile.open(contents.encoded))
        }
        do throws(CryptoFailure) {
            if let known = seal.withLock({ $0?.seal }) {
                return KeystoreFile.text(of: try known.seal(contents.encoded))
            }
            let seal = try KeystoreSeal(passphrase: passphrase, cost: cost)
            return KeystoreFile.text(of: try seal.seal(contents.encoded))
        } catch { throw .crypto(error) }
    }

    private func opened(_ body: [UInt8]) throws(KeystoreFailure) -> [UInt8] {
        guard let passphrase else { throw .passphraseNeeded(path: path) }
        let front = Array(body.prefix(KeystoreSeal.frontByteCount))
        let known = seal.withLock { $0 }
        if let known, known.front == front { return try known.seal.reopen(body) }
        let (found, contents) = try KeystoreSeal.open(body, passphrase: passphrase)
        seal.withLock { $0 = (front, found) }
        return contents
    }

    private static func read(_ path: String) throws(KeystoreFailure) -> [UInt8] {
        do {
            return try PrivateFile.read(path, limit: KeystoreFile.byteLimit)
        } catch { throw .file(error) }
    }
}

/// A keystore while no other process can change it.
public struct HeldKeystore: Sendable {
    fileprivate let keystore: Keystore

    /// What the file holds now.
    public func contents() throws(KeystoreFailure) -> KeystoreContents {
        try keystore.contents()
    }

    /// Replaces the file; the new contents are on the disk when this returns.
    public func save(_ contents: KeystoreContents) throws(KeystoreFailure) {
        try keystore.save(contents)
    }

    /// Changes what is kept of one meeting.
    public func update(
        _ meeting: Digest,
        _ change: (inout KeptMeeting?) -> Void
    ) throws(KeystoreFailure) {
        var contents = try contents()
        change(&contents[meeting])
        try save(contents)
    }
}
