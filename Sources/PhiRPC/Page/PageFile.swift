import CWeb
import PhiCrypto

/// One file of the web page.
struct PageFile: Sendable {
    /// The contents.
    let bytes: [UInt8]
    /// The contents as gzip, where that is shorter.
    let compressed: [UInt8]?
    /// What the contents are, as a browser is told.
    let contentType: String
    /// The hash of the contents.
    let hash: Digest

    init(_ bytes: [UInt8], contentType: String) {
        self.bytes = bytes
        compressed = Self.gzip(bytes)
        self.contentType = contentType
        hash = SHA256.hash(bytes)
    }

    /// What a browser names when it asks whether its copy is still right; each coding has its own.
    func tag(isCompressed: Bool) -> String {
        "\"\(hash.hex.prefix(32))\(isCompressed ? "-gzip" : "")\""
    }

    /// The type of a file by the end of its name; nil for one that no page has.
    static func contentType(of path: String) -> String? {
        let types = [
            "css": "text/css; charset=utf-8",
            "html": "text/html; charset=utf-8",
            "js": "text/javascript; charset=utf-8",
            "json": "application/json",
            "svg": "image/svg+xml",
            "wasm": "application/wasm",
            "webmanifest": "application/manifest+json",
        ]
        return path.split(separator: ".").last.flatMap { types[String($0)] }
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        var shorter = [UInt8](repeating: 0, count: bytes.count)
        let count = unsafe phi_gzip(bytes, bytes.count, &shorter, shorter.count)
        return count == 0 ? nil : Array(shorter.prefix(count))
    }
}
