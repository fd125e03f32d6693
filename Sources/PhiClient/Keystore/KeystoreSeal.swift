import PhiCrypto
import PhiLedger

/// What a passphrase is worth to somebody who holds the file and guesses.
public struct PassphraseCost: Equatable, Sendable {
    /// 128 MiB and about half a second for each guess.
    public static let standard = PassphraseCost(logCost: 17, blockSize: 8, parallelism: 1)
    /// For tests, which seal often and protect nothing.
    public static let least = PassphraseCost(logCost: 4, blockSize: 8, parallelism: 1)

    let logCost: UInt8
    let blockSize: UInt8
    let parallelism: UInt8
}

/// The key that a passphrase leads to, with what it takes to find it again.
struct KeystoreSeal: Sendable {
    static let saltByteCount = 16
    private static let nonceByteCount = 12
    /// Bytes of a sealed file by which its seal is known.
    static let frontByteCount = 1 + saltByteCount + 3

    private let salt: [UInt8]
    private let cost: PassphraseCost
    private let key: [UInt8]

    init(passphrase: [UInt8], cost: PassphraseCost) throws(CryptoFailure) {
        try self.init(
            passphrase: passphrase,
            salt: Chance.bytes(Self.saltByteCount),
            cost: cost
        )
    }

    private init(
        passphrase: [UInt8],
        salt: [UInt8],
        cost: PassphraseCost
    ) throws(CryptoFailure) {
        self.salt = salt
        self.cost = cost
        key = try KeyDerivation.scrypt(
            passphrase: passphrase,
            salt: salt,
            logCost: Int(cost.logCost),
            blockSize: Int(cost.blockSize),
            parallelism: Int(cost.parallelism)
        ).exposed()
    }

    /// The front of a sealed file, which the seal covers too.
    private var front: [UInt8] {
        KeystoreFile.sealedFront + salt + [cost.logCost, cost.blockSize, cost.parallelism]
    }

    func seal(_ contents: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        let front = front + Chance.bytes(Self.nonceByteCount)
        return front
            + (try ChaChaPoly.seal(
                contents,
                key: key,
                nonce: Array(front.suffix(Self.nonceByteCount)),
                authenticating: front
            ))
    }

    /// Opens another file that was sealed with the same key.
    func reopen(_ body: [UInt8]) throws(KeystoreFailure) -> [UInt8] {
        let end = Self.frontByteCount + Self.nonceByteCount
        guard body.count >= end, Array(body[..<Self.frontByteCount]) == front else {
            throw .damaged(.truncated(field: "front", needed: end, available: body.count))
        }
        do {
            return try ChaChaPoly.open(
                Array(body[end...]),
                key: key,
                nonce: Array(body[Self.frontByteCount..<end]),
                authenticating: Array(body[..<end])
            )
        } catch {
            throw error == .notAuthentic ? .wrongPassphrase : .crypto(error)
        }
    }

    /// Opens a sealed file.
    static func open(
        _ body: [UInt8],
        passphrase: [UInt8]
    ) throws(KeystoreFailure) -> (seal: KeystoreSeal, contents: [UInt8]) {
        var reader = ByteReader(body)
        let front: [UInt8]
        let salt: [UInt8]
        let cost: PassphraseCost
        let nonce: [UInt8]
        let sealed: [UInt8]
        do throws(DecodingFailure) {
            _ = try reader.take(KeystoreFile.sealedFront.count, "front")
            salt = try reader.take(saltByteCount, "salt")
            cost = PassphraseCost(
                logCost: try reader.integer("log cost"),
                blockSize: try reader.integer("block size"),
                parallelism: try reader.integer("parallelism")
            )
            nonce = try reader.take(nonceByteCount, "nonce")
            front = Array(body[..<reader.offset])
            sealed = try reader.take(reader.remaining, "contents")
        } catch { throw .damaged(error) }
        do {
            let seal = try KeystoreSeal(passphrase: passphrase, salt: salt, cost: cost)
            let contents = try ChaChaPoly.open(
                sealed,
                key: seal.key,
                nonce: nonce,
                authenticating: front
            )
            return (seal, contents)
        } catch {
            throw error == .notAuthentic ? .wrongPassphrase : .crypto(error)
        }
    }
}
