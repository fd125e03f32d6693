/// The path and the query of a request.
struct HTTPTarget: Equatable {
    let path: String
    private let query: String

    init(_ uri: String) {
        guard uri.utf8.contains(UInt8(ascii: "?")) else {
            path = uri
            query = ""
            return
        }
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "")
        query = parts.count == 2 ? String(parts[1]) : ""
    }

    /// The names and values of the query, or nil where an escape is malformed.
    var items: [(name: String, value: String)]? {
        var items: [(name: String, value: String)] = []
        for item in query.split(separator: "&") {
            let halves = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.unescaped(halves[0]),
                let value = Self.unescaped(halves.count == 2 ? halves[1] : "")
            else { return nil }
            items.append((name, value))
        }
        return items
    }

    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard rest.count >= 2,
                    let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
