import PhiAPI
import PhiCrypto
import Testing

@testable import PhiRPC

@Suite("The page") struct PageTests {
    /// What all files of the page may weigh on the wire.
    private static let byteLimit = 150_000

    @Test("is embedded as it lies in the folder, but for comments and indentation")
    func embedding() throws {
        let files = try PageFolder.files()
        #expect(files.count > 50)
        #expect(Set(Page.standard.files.keys) == Set(files.keys))
        for (path, source) in files {
            let isCode = path.hasSuffix(".js") || path.hasSuffix(".css")
            let expected = isCode ? CommentLines.blanked(source) : source
            #expect(Page.standard.files[path]?.bytes == expected, "\(path)")
        }
    }

    @Test("weighs no more on the wire than people may be asked to load")
    func weight() {
        let count = Page.standard.files.values.reduce(0) { sum, file in
            sum + (file.compressed ?? file.bytes).count
        }
        #expect(count <= Self.byteLimit, "compressed files have \(count) bytes")
        #expect(count > Self.byteLimit / 4)
    }

    @Test("loses no line but those of comments")
    func comments() throws {
        for (path, source) in try PageFolder.files() where path.hasSuffix(".js") {
            let before = source.split(separator: 0x0A, omittingEmptySubsequences: false)
            let after = CommentLines.blanked(source)
                .split(separator: 0x0A, omittingEmptySubsequences: false)
            try #require(before.count == after.count)
            for (line, kept) in zip(before, after) {
                let text = String(decoding: line, as: UTF8.self)
                let words = text.drop { $0 == " " }
                if words == String(decoding: kept, as: UTF8.self) { continue }
                #expect(kept.isEmpty)
                #expect(
                    ["//", "/*", "*"].contains { words.hasPrefix($0) },
                    "\(path): \(text)"
                )
            }
        }
    }

    @Test("is listed with the hash of each file and of all of them")
    func list() async throws {
        try await TestServer.run { port in
            let list = try await Exchange.send(port, "GET", "/page.json", fields: [])
            #expect(list.status == 200)
            guard case .object(let named)? = list.json?["files"] else {
                Issue.record("no list")
                return
            }
            var lines = ""
            for (path, hash) in named.sorted(by: { $0.0 < $1.0 }) {
                let file = try await Exchange.send(port, "GET", "/page/\(path)", fields: [])
                #expect(file.status == 200)
                #expect(hash.string == SHA256.hash(Array(file.body.utf8)).hex)
                lines += "\(hash.string ?? "")  \(path)\n"
            }
            #expect(named.count == Page.standard.files.count)
            #expect(list.json?["hash"]?.string == SHA256.hash(Array(lines.utf8)).hex)
        }
    }

    @Test("loads nothing from anywhere else")
    func origins() throws {
        for (path, source) in try PageFolder.files() {
            let text = String(decoding: source, as: UTF8.self)
            for sign in ["src=\"http", "href=\"http", "from 'http", "import('http", "url(http"] {
                #expect(!text.contains(sign), "\(path)")
            }
        }
    }
}
