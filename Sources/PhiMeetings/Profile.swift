public import PhiCrypto
import PhiLedger

/// What an author calls themselves, and by choice which identity stands behind.
public struct Profile: Hashable, Sendable {
    /// Bytes of a name at most.
    public static let nameByteLimit: UInt8 = 64

    /// An identity's signature over an author key that it owns up to.
    public struct CrossSignature: Hashable, Sendable {
        /// The identity's key.
        public let identity: VerifyingKey
        /// Its signature over meeting and author.
        public let signature: Signature

        /// A cross-signature of given parts.
        public init(identity: VerifyingKey, signature: Signature) {
            self.identity = identity
            self.signature = signature
        }

        /// Makes the signature of an identity over its author key in a meeting.
        public init(
            signing author: VerifyingKey,
            meeting: Digest,
            with identity: borrowing SigningKey
        ) throws(CryptoFailure) {
            self.identity = identity.verifyingKey
            signature = try identity.sign(Self.message(meeting: meeting, author: author))
        }

        /// Whether the identity signed this author of this meeting.
        public func isValid(author: VerifyingKey, meeting: Digest) -> Bool {
            identity.isValid(signature, of: Self.message(meeting: meeting, author: author))
        }

        private static func message(meeting: Digest, author: VerifyingKey) -> [UInt8] {
            Label.profile + meeting.bytes + author.bytes
        }
    }

    /// The name.
    public let name: String
    /// The identity that the author owns up to, if any.
    public let crossSignature: CrossSignature?

    /// A profile; a name that is too long does not encode.
    public init(name: String, crossSignature: CrossSignature? = nil) {
        self.name = name
        self.crossSignature = crossSignature
    }

    init(from reader: inout ByteReader) throws(ContentFailure) {
        let bytes: [UInt8]
        do {
            let count = try reader.integer("name length", atMost: Self.nameByteLimit)
            bytes = try reader.take(Int(count), "name")
            crossSignature =
                reader.remaining == 0
                ? nil
                : CrossSignature(
                    identity: try reader.fixed("identity"),
                    signature: try reader.signature("cross-signature")
                )
        } catch { throw .layout(error) }
        guard let name = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        self.name = name
    }

    func append(to bytes: inout [UInt8]) throws(ContentFailure) {
        let text = Array(name.utf8)
        guard text.count <= Int(Self.nameByteLimit) else {
            throw .nameTooLong(limit: Int(Self.nameByteLimit), found: text.count)
        }
        bytes.append(UInt8(text.count))
        bytes.append(contentsOf: text)
        guard let crossSignature else { return }
        crossSignature.identity.append(to: &bytes)
        crossSignature.signature.append(to: &bytes)
    }
}
