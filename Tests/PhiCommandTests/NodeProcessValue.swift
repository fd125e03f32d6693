import Foundation

/// A JSON document as a test reads it: what is missing is `null`, and every step is a subscript.
enum NodeProcessValue: Equatable, Sendable {
    /// Nothing, or something that is not there.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// Any other number.
    case fraction(Double)
    /// A text.
    case text(String)
    /// Values in order.
    case list([NodeProcessValue])
    /// Values by name.
    case object([String: NodeProcessValue])

    /// Reads a document; anything else is `null`.
    init(parsing bytes: some Sequence<UInt8>) {
        let value = try? JSONDecoder().decode(NodeProcessValue.self, from: Data(bytes))
        self = value ?? .null
    }

    subscript(name: String) -> NodeProcessValue {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    subscript(index: Int) -> NodeProcessValue {
        guard case .list(let items) = self, items.indices.contains(index) else { return .null }
        return items[index]
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var integer: Int64? {
        guard case .integer(let integer) = self else { return nil }
        return integer
    }

    var list: [NodeProcessValue]? {
        guard case .list(let items) = self else { return nil }
        return items
    }
}

extension NodeProcessValue: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .fraction(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([NodeProcessValue].self) {
            self = .list(value)
        } else if let value = try? container.decode([String: NodeProcessValue].self) {
            self = .object(value)
        } else {
            self = .null
        }
    }
}
