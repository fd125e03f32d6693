public import PhiCrypto
import PhiLedger

/// The payload of a message in a private meeting.
///
/// The key follows from the epoch's secret, a fresh salt and the place of the entry, so no key
/// seals twice and nothing sealed for one place opens in another.
public struct SealedContent: Hashable, Sendable {
    /// Bytes that sealing adds to the padded content, salt and epoch included.
    public static let overhead = Entry.saltByteCount + 2 + tagByteCount
    static let tagByteCount = 16

    /// The salt that hides the payload's hash, and makes the key.
    public let salt: [UInt8]
    /// The epoch whose secret opens the content.
    public let epoch: UInt16
    /// The padded content, sealed, and its tag.
    public let sealed: [UInt8]

    /// Takes the payload of a message apart.
    public init(decoding payload: [UInt8]) throws(SealingFailure) {
        guard payload.count > Self.overhead else {
            throw .tooShort(limit: Self.overhead + 1, found: payload.count)
        }
        salt = Array(payload[..<Entry.saltByteCount])
        epoch = UInt16(payload[16]) | UInt16(payload[17]) << 8
        sealed = Array(payload[18...])
    }

    /// Seals a content.
    ///
    /// - Parameters:
    ///   - content: What the message says.
    ///   - salt: 16 random bytes that were never used before.
    ///   - epoch: The epoch and its secret.
    ///   - place: Where the entry will stand.
    /// - Throws: Why the content cannot be sealed.
    public init(
        sealing content: MessageContent,
        salt: [UInt8],
        in epoch: EpochSecret,
        at place: MessagePlace
    ) throws(SealingFailure) {
        let bytes: [UInt8]
        do { bytes = try content.encoded() } catch { throw .content(error) }
        self.salt = salt
        self.epoch = epoch.number
        sealed = try Sealing.message(salt: salt, place: place).seal(bytes, with: epoch.secret)
    }

    /// Opens the content.
    ///
    /// - Parameters:
    ///   - secret: The secret of the epoch that the payload names.
    ///   - place: Where the entry stands.
    /// - Returns: What the message says.
    /// - Throws: Why the payload does not open.
    public func open(
        with secret: MeetingSecret,
        at place: MessagePlace
    ) throws(SealingFailure) -> MessageContent {
        let bytes = try Sealing.message(salt: salt, place: place).open(sealed, with: secret)
        do { return try MessageContent(decoding: bytes) } catch { throw .content(error) }
    }

    /// The payload.
    public var encoded: [UInt8] {
        var bytes = salt
        bytes.append(littleEndian: epoch)
        return bytes + sealed
    }
}

/// The payload of a message in a public meeting.
public enum PublicContent {
    /// The salt, then type and body.
    public static func payload(
        of content: MessageContent,
        salt: [UInt8]
    ) throws(ContentFailure) -> [UInt8] {
        salt + (try content.encoded())
    }

    /// What a payload says.
    public static func content(of payload: [UInt8]) throws(ContentFailure) -> MessageContent {
        try MessageContent(decoding: Array(payload.dropFirst(Entry.saltByteCount)))
    }
}

/// Why a sealed payload does not open, or a content cannot be sealed.
public enum SealingFailure: Error, Equatable, Sendable {
    /// The payload ends before its tag.
    case tooShort(limit: Int, found: Int)
    /// The sealed bytes are longer than their place allows.
    case tooLong(limit: Int, found: Int)
    /// The padding is not the one that every client makes.
    case padding
    /// What was sealed is no content.
    case content(ContentFailure)
    /// A title is not UTF-8.
    case titleNotUTF8
    /// The seal was broken, made with another key or for another place, or the library failed.
    case crypto(CryptoFailure)
}
