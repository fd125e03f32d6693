public import PhiCrypto
public import PhiLedger

/// What a message says, once its salt and seal are off.
public enum MessageContent: Hashable, Sendable {
    /// Something said.
    case text(String)
    /// Something said about another entry.
    case reply(to: Digest, String)
    /// A sign on another entry, such as one emoji.
    case reaction(to: Digest, String)
    /// What another entry of the same author should have said.
    case correction(of: Digest, String)
    /// A part of a file, which is not looked into here.
    case filePart([UInt8])
    /// What the author is called.
    case profile(Profile)
    /// The host hands out the secret of a new epoch.
    case epoch(EpochDelivery)

    /// Bytes of a reaction at most.
    public static let reactionByteLimit = 32

    private enum Form: UInt8 {
        case text = 1
        case reply = 2
        case reaction = 3
        case correction = 4
        case filePart = 5
        case profile = 6
        case epoch = 7
    }

    /// Reads type and body, all of the bytes.
    public init(decoding bytes: [UInt8]) throws(ContentFailure) {
        var reader = ByteReader(bytes)
        let byte: UInt8
        do { byte = try reader.integer("type") } catch { throw .layout(error) }
        guard let form = Form(rawValue: byte) else { throw .unknownType(byte) }
        switch form {
        case .text: self = .text(try Self.text(&reader))
        case .reply: self = .reply(to: try Self.entry(&reader), try Self.text(&reader))
        case .reaction:
            let entry = try Self.entry(&reader)
            guard reader.remaining <= Self.reactionByteLimit else {
                throw .reactionTooLong(limit: Self.reactionByteLimit, found: reader.remaining)
            }
            self = .reaction(to: entry, try Self.text(&reader))
        case .correction:
            self = .correction(of: try Self.entry(&reader), try Self.text(&reader))
        case .filePart: self = .filePart(try Self.rest(&reader))
        case .profile: self = .profile(try Profile(from: &reader))
        case .epoch: self = .epoch(try EpochDelivery(from: &reader))
        }
        do { try reader.finish() } catch { throw .layout(error) }
    }

    /// Type and body.
    public func encoded() throws(ContentFailure) -> [UInt8] {
        switch self {
        case .text(let text): return [Form.text.rawValue] + Array(text.utf8)
        case .reply(let entry, let text): return Self.join(.reply, entry, text)
        case .reaction(let entry, let text):
            guard text.utf8.count <= Self.reactionByteLimit else {
                throw .reactionTooLong(limit: Self.reactionByteLimit, found: text.utf8.count)
            }
            return Self.join(.reaction, entry, text)
        case .correction(let entry, let text): return Self.join(.correction, entry, text)
        case .filePart(let bytes): return [Form.filePart.rawValue] + bytes
        case .profile(let profile):
            var bytes = [Form.profile.rawValue]
            try profile.append(to: &bytes)
            return bytes
        case .epoch(let delivery):
            var bytes = [Form.epoch.rawValue]
            delivery.append(to: &bytes)
            return bytes
        }
    }

    private static func join(_ form: Form, _ entry: Digest, _ text: String) -> [UInt8] {
        [form.rawValue] + entry.bytes + Array(text.utf8)
    }

    private static func entry(_ reader: inout ByteReader) throws(ContentFailure) -> Digest {
        do { return try reader.fixed("entry id") } catch { throw .layout(error) }
    }

    private static func rest(_ reader: inout ByteReader) throws(ContentFailure) -> [UInt8] {
        do { return try reader.take(reader.remaining, "body") } catch { throw .layout(error) }
    }

    private static func text(_ reader: inout ByteReader) throws(ContentFailure) -> String {
        guard let text = String(validating: try rest(&reader), as: UTF8.self) else {
            throw .notUTF8
        }
        return text
    }
}

/// Why bytes are no content, so that a client shows them as unreadable.
public enum ContentFailure: Error, Equatable, Sendable {
    /// A field is missing, too long or left over.
    case layout(DecodingFailure)
    /// No client of this version knows the type.
    case unknownType(UInt8)
    /// A text is not UTF-8; it is never guessed at.
    case notUTF8
    /// A reaction is longer than a sign.
    case reactionTooLong(limit: Int, found: Int)
    /// A name is too long.
    case nameTooLong(limit: Int, found: Int)
}
