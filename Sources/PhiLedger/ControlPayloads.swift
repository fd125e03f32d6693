public import PhiCrypto

/// The payload of a `join`: an author asks in.
public struct Admission: Hashable, Sendable {
    /// The salt that hides the payload's hash.
    public let salt: [UInt8]
    /// The link key's signature over meeting and author; zeros unless writing is by link.
    public let signature: Signature
    /// The key to which secrets of later epochs are sealed; zero wants none.
    public let agreementKey: AgreementPublicKey

    /// An admission with every field given.
    public init(salt: [UInt8], signature: Signature, agreementKey: AgreementPublicKey) {
        self.salt = salt
        self.signature = signature
        self.agreementKey = agreementKey
    }

    /// Whether there is a signature at all, right or wrong.
    public var isSigned: Bool { signature.bytes.contains { $0 != 0 } }

    /// Reads the whole payload of a `join`.
    public init(decoding payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        salt = try reader.take(Entry.saltByteCount, "salt")
        signature = try reader.signature("admission")
        agreementKey = try reader.fixed("agreement_key")
        try reader.finish()
    }

    /// The payload.
    public var encoded: [UInt8] {
        var bytes = salt
        signature.append(to: &bytes)
        agreementKey.append(to: &bytes)
        return bytes
    }

    /// What the link key signs to admit an author to a meeting.
    public static func message(meeting: Digest, author: VerifyingKey) -> [UInt8] {
        Domain.admission + meeting.bytes + author.bytes
    }
}

/// A strictly ascending list of author keys, as `admit` and `revoke` carry it.
public enum AuthorList {
    /// Keys in one list at most.
    public static let limit: UInt16 = 1_000

    static func read(
        from reader: inout ByteReader,
        atLeast minimum: UInt16
    ) throws(DecodingFailure) -> [VerifyingKey] {
        let count = try reader.integer("key count", atMost: limit)
        guard count >= minimum else {
            throw .underLimit(field: "key count", limit: UInt64(minimum), found: UInt64(count))
        }
        var keys: [VerifyingKey] = []
        for index in 0..<Int(count) {
            let key: VerifyingKey = try reader.fixed("keys")
            if let last = keys.last, key <= last {
                throw .notAscending(field: "keys", index: index)
            }
            keys.append(key)
        }
        return keys
    }

    static func append(_ keys: [VerifyingKey], to bytes: inout [UInt8]) {
        bytes.append(littleEndian: UInt16(keys.count))
        for key in keys { key.append(to: &bytes) }
    }
}

/// The payload of an `admit`: keys that the host names.
public struct AdmitList: Hashable, Sendable {
    /// The salt that hides the payload's hash.
    public let salt: [UInt8]
    /// The keys, strictly ascending, 1 to 1,000.
    public let keys: [VerifyingKey]

    /// A list; the keys are put in order, and each counts once.
    public init(salt: [UInt8], keys: [VerifyingKey]) {
        self.salt = salt
        self.keys = Set(keys).sorted()
    }

    /// Reads the whole payload of an `admit`.
    public init(decoding payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        salt = try reader.take(Entry.saltByteCount, "salt")
        keys = try AuthorList.read(from: &reader, atLeast: 1)
        try reader.finish()
    }

    /// The payload.
    public var encoded: [UInt8] {
        var bytes = salt
        AuthorList.append(keys, to: &bytes)
        return bytes
    }
}

/// The payload of a `revoke`: keys shut out, a new link key, a new epoch.
public struct Revocation: Hashable, Sendable {
    /// The salt that hides the payload's hash.
    public let salt: [UInt8]
    /// The keys, strictly ascending, 0 to 1,000.
    public let keys: [VerifyingKey]
    /// The link key from now on; zero admits nobody more.
    ///
    /// It is zero unless writing is by link.
    public let linkKey: VerifyingKey
    /// The hash that binds all to the new epoch's secret; zero leaves the epoch as it is.
    public let readCheck: Digest

    /// A revocation; the keys are put in order, and each counts once.
    public init(
        salt: [UInt8],
        keys: [VerifyingKey],
        linkKey: VerifyingKey,
        readCheck: Digest
    ) {
        self.salt = salt
        self.keys = Set(keys).sorted()
        self.linkKey = linkKey
        self.readCheck = readCheck
    }

    /// Reads the whole payload of a `revoke`.
    public init(decoding payload: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(payload)
        salt = try reader.take(Entry.saltByteCount, "salt")
        keys = try AuthorList.read(from: &reader, atLeast: 0)
        linkKey = try reader.fixed("link_key")
        readCheck = try reader.fixed("read_check")
        try reader.finish()
    }

    /// The payload.
    public var encoded: [UInt8] {
        var bytes = salt
        AuthorList.append(keys, to: &bytes)
        linkKey.append(to: &bytes)
        readCheck.append(to: &bytes)
        return bytes
    }
}
