public import PhiCrypto
import PhiLedger

extension Parameters {
    /// The 32 bytes that name an entry, a block or a meeting.
    public func digest(_ name: String) throws(APIError) -> Digest {
        try identifier(name, required(name))
    }

    /// The 32 bytes that name something, or nil when they are absent.
    public func optionalDigest(_ name: String) throws(APIError) -> Digest? {
        has(name) ? try digest(name) : nil
    }

    /// An author's or a peer's key.
    public func key(_ name: String) throws(APIError) -> VerifyingKey {
        try identifier(name, required(name))
    }

    /// An author's or a peer's key, or nil when it is absent.
    public func optionalKey(_ name: String) throws(APIError) -> VerifyingKey? {
        has(name) ? try key(name) : nil
    }

    /// Several keys.
    public func keys(_ name: String, limit: Int) throws(APIError) -> [VerifyingKey] {
        let value = try required(name)
        guard case .array(let elements) = value else { throw wrong(name, "a list of keys", value) }
        guard elements.count <= limit else {
            throw .invalidParameter(
                name,
                "The field “\(name)” has \(elements.count) keys, the limit is \(limit)."
            )
        }
        var keys: [VerifyingKey] = []
        for element in elements { keys.append(try identifier(name, element)) }
        return keys
    }

    /// A block by its height or its hash.
    public func block(_ name: String) throws(APIError) -> BlockReference {
        let value = try required(name)
        guard case .integer(let number) = value else {
            guard case .string = value else {
                throw wrong(name, "a height or the hash of a block", value)
            }
            return .hash(try identifier(name, value))
        }
        guard let height = UInt32(exactly: number) else {
            throw wrong(name, "a height from 0 to \(UInt32.max) or the hash of a block", value)
        }
        return .height(height)
    }

    /// A topic of live events.
    public func topic(_ name: String) throws(APIError) -> Topic {
        let text = try string(name, byteLimit: Topic.byteLimit)
        return try Topic(text, field: name, networkPrefix: networkPrefix)
    }

    private func identifier<Value: FixedBytes32>(
        _ name: String,
        _ value: JSON
    ) throws(APIError) -> Value {
        guard case .string(let text) = value else {
            throw wrong(name, "64 lowercase hexadecimal digits", value)
        }
        return try Identifiers.read(text, field: name, networkPrefix: networkPrefix)
    }
}

/// A block as a caller names it.
public enum BlockReference: Equatable, Sendable {
    /// The block of the best chain at that height.
    case height(UInt32)
    /// The block with that hash.
    case hash(Digest)
}

/// Reads names of 32 bytes in both forms that callers may use.
public enum Identifiers {
    /// Reads hexadecimal digits, or bech32m with the network's prefix.
    public static func read<Value: FixedBytes32>(
        _ text: String,
        field: String,
        networkPrefix: String?
    ) throws(APIError) -> Value {
        if let value = Value(hex: text) { return value }
        let isDigits = text.utf8.allSatisfy { Hexadecimal.value(of: $0) != nil }
        guard !isDigits, let networkPrefix, text.contains("1") else {
            throw .invalidParameter(
                field,
                "The field “\(field)” must be 64 lowercase hexadecimal digits"
                    + (networkPrefix.map { " or bech32m that begins with “\($0)1”." } ?? ".")
            )
        }
        let decoded: (prefix: String, data: [UInt8])
        do {
            decoded = try Bech32m.decode(text)
        } catch {
            throw .invalidParameter(
                field,
                "The field “\(field)” is no valid bech32m; look for a typing error."
            )
        }
        guard decoded.prefix == networkPrefix else {
            throw .invalidParameter(
                field,
                "The field “\(field)” belongs to the network with the prefix “\(decoded.prefix)”, "
                    + "this node's is “\(networkPrefix)”."
            )
        }
        guard let value = Value(decoded.data) else {
            throw .invalidParameter(
                field,
                "The field “\(field)” holds \(decoded.data.count) bytes, 32 are needed."
            )
        }
        return value
    }
}
