import NIOHTTP1

/// What a browser says about the copy of a file that it has or wants.
struct PageRequest {
    /// Whether the answer may be compressed.
    let takesGzip: Bool
    private let tags: [Substring]

    init(_ fields: HTTPHeaders) {
        takesGzip = Self.isTaken("gzip", in: fields[canonicalForm: "accept-encoding"])
        // A tag that is marked as weak names the same copy.
        tags = fields[canonicalForm: "if-none-match"].map { value in
            value.hasPrefix("W/") ? value.dropFirst(2) : value[...]
        }
    }

    /// The file, or that the browser's copy is still right.
    func answer(with file: PageFile) -> HTTPAnswer {
        let compressed = takesGzip ? file.compressed : nil
        let tag = file.tag(isCompressed: compressed != nil)
        var fields = [("ETag", tag), ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")]
        if tags.contains(where: { $0 == tag || $0 == "*" }) {
            return HTTPAnswer(status: .notModified, contentType: nil, body: [], fields: fields)
        }
        if compressed != nil { fields.append(("Content-Encoding", "gzip")) }
        return HTTPAnswer(
            status: .ok,
            contentType: file.contentType,
            body: compressed ?? file.bytes,
            fields: fields
        )
    }

    /// Whether a coding is named with a weight above zero; `*` stands for one that is not named.
    private static func isTaken(_ coding: String, in values: [Substring]) -> Bool {
        var isOther = false
        for value in values {
            let parts = value.split(separator: ";").map { part in
                part.filter { $0 != " " && $0 != "\t" }.lowercased()
            }
            let isWanted = !parts.dropFirst().contains { part in
                part.hasPrefix("q=0") && !part.dropFirst(2).contains { "123456789".contains($0) }
            }
            if parts.first == coding { return isWanted }
            if parts.first == "*" { isOther = isWanted }
        }
        return isOther
    }
}
