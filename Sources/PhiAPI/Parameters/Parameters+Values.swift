extension Parameters {
    /// A whole number within bounds that must be there.
    public func integer(
        _ name: String,
        in range: ClosedRange<Int64>
    ) throws(APIError) -> Int64 {
        let value = try required(name)
        guard case .integer(let number) = value, range.contains(number) else {
            throw wrong(name, "an integer from \(range.lowerBound) to \(range.upperBound)", value)
        }
        return number
    }

    /// A whole number within bounds, or the default when it is absent.
    public func integer(
        _ name: String,
        in range: ClosedRange<Int64>,
        default standard: Int64
    ) throws(APIError) -> Int64 {
        has(name) ? try integer(name, in: range) : standard
    }

    /// A height, or nil when it is absent.
    public func height(_ name: String) throws(APIError) -> UInt32? {
        guard has(name) else { return nil }
        return UInt32(try integer(name, in: 0...Int64(UInt32.max)))
    }

    /// A truth value, or the default when it is absent.
    public func bool(_ name: String, default standard: Bool) throws(APIError) -> Bool {
        guard let value = self[name] else { return standard }
        guard case .bool(let truth) = value else { throw wrong(name, "true or false", value) }
        return truth
    }

    /// A text of at most that many bytes that must be there.
    public func string(_ name: String, byteLimit: Int) throws(APIError) -> String {
        let value = try required(name)
        guard case .string(let text) = value else {
            throw wrong(name, "a string", value)
        }
        guard text.utf8.count <= byteLimit else {
            throw .invalidParameter(
                name,
                "The field “\(name)” has \(text.utf8.count) bytes, the limit is \(byteLimit)."
            )
        }
        return text
    }

    /// A text of at most that many bytes, or nil when it is absent.
    public func optionalString(_ name: String, byteLimit: Int) throws(APIError) -> String? {
        has(name) ? try string(name, byteLimit: byteLimit) : nil
    }

    /// Bytes given as base64, at most that many.
    public func base64(_ name: String, byteLimit: Int) throws(APIError) -> [UInt8] {
        let value = try required(name)
        guard case .string(let text) = value else { throw wrong(name, "a base64 string", value) }
        guard text.utf8.count <= (byteLimit + 2) / 3 * 4 else {
            throw .invalidParameter(
                name,
                "The field “\(name)” is too long: it may stand for \(byteLimit) bytes at most."
            )
        }
        guard let bytes = Base64.decode(text) else {
            throw wrong(name, "base64 with padding and without white space", value)
        }
        guard bytes.count <= byteLimit else {
            throw .invalidParameter(
                name,
                "The field “\(name)” stands for \(bytes.count) bytes, the limit is \(byteLimit)."
            )
        }
        return bytes
    }

    /// One of the words of an enumeration, or the default when it is absent.
    public func choice<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        default standard: Word
    ) throws(APIError) -> Word where Word.RawValue == String {
        guard let value = self[name] else { return standard }
        guard case .string(let text) = value, let word = Word(rawValue: text) else {
            let words = Word.allCases.map { "“\($0.rawValue)”" }.joined(separator: ", ")
            throw wrong(name, "one of \(words)", value)
        }
        return word
    }

    /// How many items a page may have: 100 unless said otherwise, 500 at most.
    public func pageLimit() throws(APIError) -> Int {
        Int(try integer("limit", in: PageLimit.range, default: PageLimit.standard))
    }

    /// Where to go on, as a page before gave it, or nil.
    public func cursor() throws(APIError) -> String? {
        try optionalString("cursor", byteLimit: Topic.cursorByteLimit)
    }
}

/// How many items a page may have.
public enum PageLimit {
    /// What may be asked for.
    public static let range: ClosedRange<Int64> = 1...500
    /// What is given when nothing is asked for.
    public static let standard: Int64 = 100
}

/// In which order a page goes through the ledger.
public enum Direction: String, CaseIterable, Sendable {
    /// From old to new.
    case forward
    /// From new to old.
    case backward
}

/// Who told of a peer that a node shall call.
public enum PeerOrigin: String, CaseIterable, Sendable {
    /// A person named it.
    case manual
    /// A meeting's link carried it.
    case link
}

/// How headers, blocks and entries are given back.
public enum Form: String, CaseIterable, Sendable {
    /// Field by field.
    case decoded
    /// As the bytes of the protocol, in base64.
    case raw
}
