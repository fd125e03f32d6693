import PhiCrypto
import PhiLedger

/// The members of one object of a document, read one by one.
struct DocumentFields {
    private let members: [(String, JSON)]

    init(_ json: JSON, of document: String) throws(DocumentFailure) {
        guard case .object(let members) = json else {
            throw .wrong(field: document, wanted: "an object")
        }
        self.members = members
    }

    /// The value of a member, or nil where it is absent or `null`.
    subscript(name: String) -> JSON? {
        guard let value = members.first(where: { $0.0 == name })?.1, !value.isNull else {
            return nil
        }
        return value
    }

    /// The names and values in written order.
    var all: [(String, JSON)] { members }

    func value(_ name: String) throws(DocumentFailure) -> JSON {
        guard let value = self[name] else { throw .missing(field: name) }
        return value
    }

    /// Refuses members that are not listed.
    func refuseOthers(than names: [String]) throws(DocumentFailure) {
        for (name, _) in members where !names.contains(name) { throw .unknown(field: name) }
    }

    func string(_ name: String) throws(DocumentFailure) -> String {
        guard case .string(let text) = try value(name) else {
            throw .wrong(field: name, wanted: "a text")
        }
        return text
    }

    func bool(_ name: String) throws(DocumentFailure) -> Bool {
        guard case .bool(let truth) = try value(name) else {
            throw .wrong(field: name, wanted: "true or false")
        }
        return truth
    }

    func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(DocumentFailure) -> Value {
        let read: Value? =
            switch try value(name) {
            case .integer(let number): Value(exactly: number)
            case .number(let text): UInt64(text).flatMap { Value(exactly: $0) }
            default: nil
            }
        guard let read else { throw .wrong(field: name, wanted: "a count up to \(Value.max)") }
        return read
    }

    func count(_ name: String) throws(DocumentFailure) -> Int {
        Int(try integer(name, as: UInt32.self))
    }

    func hexadecimal(_ name: String, digits: Int) throws(DocumentFailure) -> UInt64 {
        let text = try string(name)
        guard text.utf8.count == digits, text == text.lowercased(),
            let number = UInt64(text, radix: 16), text.utf8.first != UInt8(ascii: "+")
        else { throw .wrong(field: name, wanted: "\(digits) hexadecimal digits") }
        return number
    }

    func fixed<Value: FixedBytes32>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(DocumentFailure) -> Value {
        guard let read = Value(hex: try string(name)) else {
            throw .wrong(field: name, wanted: "64 lowercase hexadecimal digits")
        }
        return read
    }

    func fixedList<Value: FixedBytes32>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(DocumentFailure) -> [Value] {
        var values: [Value] = []
        for element in try array(name) {
            guard let value = element.string.flatMap({ Value(hex: $0) }) else {
                throw .wrong(field: name, wanted: "a list of 64 lowercase hexadecimal digits")
            }
            values.append(value)
        }
        return values
    }

    func work(_ name: String) throws(DocumentFailure) -> Work {
        guard let work = Work(hex: try string(name)) else {
            throw .wrong(field: name, wanted: "an amount of work in hexadecimal digits")
        }
        return work
    }

    func base64(_ name: String) throws(DocumentFailure) -> [UInt8] {
        guard let bytes = Base64.decode(try string(name)) else {
            throw .wrong(field: name, wanted: "base64")
        }
        return bytes
    }

    func time(_ name: String) throws(DocumentFailure) -> Timestamp {
        Timestamp(milliseconds: try integer(name))
    }

    func height(_ name: String) throws(DocumentFailure) -> Height { Height(try integer(name)) }

    func array(_ name: String) throws(DocumentFailure) -> [JSON] {
        guard case .array(let elements) = try value(name) else {
            throw .wrong(field: name, wanted: "a list")
        }
        return elements
    }

    func strings(_ name: String) throws(DocumentFailure) -> [String] {
        var texts: [String] = []
        for element in try array(name) {
            guard let text = element.string else {
                throw .wrong(field: name, wanted: "a list of texts")
            }
            texts.append(text)
        }
        return texts
    }

    func word<Word: RawRepresentable>(
        _ name: String,
        as type: Word.Type = Word.self
    ) throws(DocumentFailure) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try string(name)) else {
            throw .wrong(field: name, wanted: "a known word")
        }
        return word
    }

    func object(_ name: String) throws(DocumentFailure) -> DocumentFields {
        try DocumentFields(try value(name), of: name)
    }

    func document<Value: Document>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(DocumentFailure) -> Value {
        try Value(json: try value(name))
    }

    func documents<Value: Document>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(DocumentFailure) -> [Value] {
        var documents: [Value] = []
        for element in try array(name) { documents.append(try Value(json: element)) }
        return documents
    }

    /// What `read` makes of a member, or nil where it is absent or `null`.
    func optional<Value>(
        _ name: String,
        _ read: (String) throws(DocumentFailure) -> Value
    ) throws(DocumentFailure) -> Value? {
        self[name] == nil ? nil : try read(name)
    }
}
