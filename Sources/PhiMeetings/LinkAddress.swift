/// The part of a link before `#`.
enum LinkAddress {
    static let path = "/m/"
    private static let scheme = "phi:"
    private static let webSchemes = ["https://", "http://"]

    /// The meeting's name in an address.
    static func name(in bytes: [UInt8]) throws(LinkFailure) -> String {
        guard bytes.allSatisfy({ (33...126).contains($0) }) else { throw .forbiddenCharacter }
        let text = String(decoding: bytes, as: UTF8.self)
        let folded = text.lowercased()
        if folded.hasPrefix(scheme) { return String(text.dropFirst(scheme.count)) }
        guard let web = webSchemes.first(where: { folded.hasPrefix($0) }) else {
            throw .unknownScheme
        }
        let rest = text.dropFirst(web.count)
        guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex else {
            throw .noHost
        }
        let tail = rest[slash...]
        guard tail.hasPrefix(path) else { throw .otherPath }
        let name = tail.dropFirst(path.count)
        guard !name.contains("/"), !name.contains("?") else { throw .otherPath }
        return String(name)
    }
}
