import CWeb
import PhiCrypto

/// The web page that every node serves: the files in the program itself.
struct Page: Sendable {
    /// Where the page's files are, before their paths.
    static let folder = "/page/"
    /// The file that is shown at every address of the page.
    static let frame = "index.html"
    /// Where the list of the page's files is.
    static let listPath = "/page.json"

    /// The page of this program.
    static let standard = Page(files: embedded())

    /// The files by their paths.
    let files: [String: PageFile]
    /// The paths and hashes of all files as JSON, with the hash over all of them.
    let list: PageFile
    /// The hash over the paths and hashes of all files, by which people compare pages.
    let hash: Digest

    init(files: [String: PageFile]) {
        self.files = files
        let lines = files.sorted { $0.key < $1.key }
            .map { "\($0.value.hash.hex)  \($0.key)\n" }
        hash = SHA256.hash(Array(lines.joined().utf8))
        let named = files.sorted { $0.key < $1.key }
            .map { "\"\($0.key)\":\"\($0.value.hash.hex)\"" }
        let text = "{\"hash\":\"\(hash.hex)\",\"files\":{\(named.joined(separator: ","))}}"
        list = PageFile(Array(text.utf8), contentType: HTTPAnswer.jsonType)
    }

    /// The file for an address, or nil where the page has none.
    func file(at path: String) -> PageFile? {
        if path == Self.listPath { return list }
        if Self.isView(path) { return files[Self.frame] }
        guard path.hasPrefix(Self.folder) else { return nil }
        return files[String(path.dropFirst(Self.folder.count))]
    }

    /// Whether an address shows the page, which reads there what it should show.
    static func isView(_ path: String) -> Bool {
        let roots = ["/m/", "/explore/"]
        return ["/", "/verify", "/explore"].contains(path)
            || roots.contains { path.hasPrefix($0) && !path.dropFirst($0.count).contains("..") }
    }

    private static func embedded() -> [String: PageFile] {
        var files: [String: PageFile] = [:]
        for index in 0..<phi_asset_count() {
            guard let asset = unsafe phi_asset_at(index)?.pointee else { continue }
            let path = unsafe String(cString: asset.path)
            let bytes = unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
            guard let type = PageFile.contentType(of: path) else { continue }
            let isCode = path.hasSuffix(".js") || path.hasSuffix(".css")
            files[path] = PageFile(
                isCode ? CommentLines.blanked(bytes) : bytes,
                contentType: type
            )
        }
        return files
    }
}
