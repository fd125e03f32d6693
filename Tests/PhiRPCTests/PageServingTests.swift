import PhiAPI
import PhiCrypto
import Testing

@testable import PhiRPC

@Suite("The server of the page") struct PageServingTests {
    private static let protection = [
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'",
        "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'",
        "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
        "Referrer-Policy: no-referrer", "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: same-origin", "Permissions-Policy: camera=()",
    ]

    /// Sends one request as it stands and reads its answer.
    private static func ask(
        _ port: Int,
        _ target: String,
        method: String = "GET",
        _ fields: String = ""
    ) async throws -> (status: Int, head: String, body: [UInt8]) {
        try await RawClient.connect(port) { client in
            try await client.send(
                "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
            )
            let (head, body) =
                method == "HEAD"
                ? (try await client.read(until: "\r\n\r\n"), []) : try await client.readParts()
            return (Int(head.split(separator: " ")[1]) ?? 0, head, body)
        }
    }

    /// The value of a field of an answer.
    private static func field(_ name: String, in head: String) -> String? {
        head.split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    @Test(
        "shows the page at every address that has a view, with the fields that protect it",
        arguments: [
            "/", "/verify", "/explore", "/explore/", "/explore/block/7", "/m/", "/m/phi1abc",
            "/?x=1", "/m/phi1abc?x=1", "/m/%2e%2e/x",
        ]
    )
    func views(target: String) async throws {
        try await TestServer.run { port in
            let answer = try await Self.ask(port, target)
            #expect(answer.status == 200)
            #expect(answer.body == Page.standard.files["index.html"]?.bytes)
            #expect(Self.field("Content-Type", in: answer.head) == "text/html; charset=utf-8")
            for sign in Self.protection { #expect(answer.head.contains(sign), "\(sign)") }
            #expect(!answer.head.contains("unsafe-"))
            #expect(Self.field("Set-Cookie", in: answer.head) == nil)
        }
    }

    @Test("gives each file with its type, and the fields that protect browsers")
    func types() async throws {
        let types = [
            "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8",
            "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        ]
        try await TestServer.run { port in
            for (path, file) in Page.standard.files {
                let answer = try await Self.ask(port, "/page/\(path)")
                #expect(answer.status == 200)
                #expect(answer.body == file.bytes)
                let end = String(path.split(separator: ".").last ?? "")
                #expect(Self.field("Content-Type", in: answer.head) == types[end])
                for sign in Self.protection { #expect(answer.head.contains(sign)) }
            }
        }
    }

    @Test(
        "knows no other address",
        arguments: [
            "/page", "/page/", "/page/nothing.js", "/page/../page/app.js", "/page/core/../app.js",
            "/page/%61pp.js", "/page//app.js", "/page/./app.js", "/m", "/m/../page.json",
            "/m/a/../../b", "/explore/../x", "/verify/", "/explorer", "/index.html", "/app.js",
            "/page/App.js", "/page/../../../etc/passwd", "/page/core", "//", "/page.json/",
        ]
    )
    func unknown(target: String) async throws {
        try await TestServer.run { port in
            let answer = try await Self.ask(port, target, "Sec-Fetch-Site: same-origin\r\n")
            #expect(answer.status == 404)
            for sign in Self.protection { #expect(answer.head.contains(sign)) }
        }
    }

    @Test("gives a browser the same copy only once", arguments: ["", "gzip"])
    func freshness(coding: String) async throws {
        try await TestServer.run { port in
            for target in ["/", "/page/app.js", "/page.json"] {
                let wish = "Accept-Encoding: \(coding)\r\n"
                let first = try await Self.ask(port, target, wish)
                let tag = try #require(Self.field("ETag", in: first.head))
                #expect(Self.field("Cache-Control", in: first.head) == "no-cache")
                for value in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                    let second = try await Self.ask(
                        port,
                        target,
                        "\(wish)If-None-Match: \(value)\r\n"
                    )
                    #expect(second.status == 304)
                    #expect(second.body.isEmpty)
                    #expect(Self.field("ETag", in: second.head) == tag)
                    #expect(Self.field("Vary", in: second.head) == "Accept-Encoding")
                }
                for value in ["\"x\"", "x\(tag)", String(tag.dropLast()), "\"\""] {
                    let other = try await Self.ask(
                        port,
                        target,
                        "\(wish)If-None-Match: \(value)\r\n"
                    )
                    #expect(other.status == 200)
                    #expect(other.body == first.body)
                }
            }
        }
    }

    @Test(
        "compresses for those who take it",
        arguments: [
            ("gzip", true), ("deflate, gzip;q=0.5, br", true), ("GZIP", true), ("*", true),
            ("br, *;q=0.1", true), ("gzip; q=1.0", true), ("gzip;q=0.001", true),
            ("", false), ("identity", false), ("br", false), ("gzip;q=0", false),
            ("gzip;q=0.000", false), ("gzip; q=0.0, *", false), ("*;q=0", false),
            ("gzipped", false),
            ("x-gzip", false),
        ]
    )
    func coding(wish: String, isCompressed: Bool) async throws {
        try await TestServer.run { port in
            let file = try #require(Page.standard.files["app.js"])
            let answer = try await Self.ask(port, "/page/app.js", "Accept-Encoding: \(wish)\r\n")
            #expect(answer.body == (isCompressed ? file.compressed : file.bytes))
            #expect(answer.body.starts(with: [0x1F, 0x8B]) == isCompressed)
            let coding = Self.field("Content-Encoding", in: answer.head)
            #expect(coding == (isCompressed ? "gzip" : nil))
            #expect(Self.field("Vary", in: answer.head) == "Accept-Encoding")
            let other = file.tag(isCompressed: !isCompressed)
            #expect(Self.field("ETag", in: answer.head) != other)
            let length = Self.field("Content-Length", in: answer.head)
            #expect(length == String(answer.body.count))
        }
    }

    @Test("compresses each file to itself, without a name or a time")
    func contents() async throws {
        try await TestServer.run { port in
            for (path, file) in Page.standard.files {
                let answer = try await Exchange.send(
                    port,
                    "GET",
                    "/page/\(path)",
                    fields: [("Accept-Encoding", "gzip")]
                )
                #expect(Array(answer.body.utf8) == file.bytes, "\(path)")
                let compressed = try #require(file.compressed)
                #expect(compressed.count < file.bytes.count)
                #expect(Array(compressed[3..<8]) == [0, 0, 0, 0, 0])
            }
        }
    }

    @Test("is read only", arguments: ["POST", "PUT", "DELETE", "OPTIONS"])
    func methods(method: String) async throws {
        try await TestServer.run { port in
            for target in ["/", "/page/app.js", "/page.json", "/m/x"] {
                let answer = try await Self.ask(port, target, method: method)
                #expect(answer.status == 405)
                #expect(Self.field("Allow", in: answer.head) == "GET, HEAD")
            }
        }
    }

    @Test("tells of a file without giving it")
    func head() async throws {
        try await TestServer.run { port in
            let file = try #require(Page.standard.files["app.js"])
            let answer = try await Self.ask(port, "/page/app.js", method: "HEAD")
            #expect(answer.status == 200)
            #expect(Self.field("ETag", in: answer.head) == file.tag(isCompressed: false))
            #expect(Self.field("Content-Length", in: answer.head) == String(file.bytes.count))
        }
    }

    @Test("takes no body")
    func body() async throws {
        try await TestServer.run { port in
            let answer = try await Self.ask(port, "/", "Content-Length: 1\r\n")
            #expect(answer.status == 413)
        }
    }

    @Test(
        "lets a person come from another site by a link, and nothing else",
        arguments: [
            ("/", "navigate", "document", 200), ("/m/phi1x", "navigate", "document", 200),
            ("/verify", "navigate", "document", 200), ("/", "navigate", "iframe", 403),
            ("/", "cors", "empty", 403), ("/", "no-cors", "image", 403),
            ("/page/app.js", "navigate", "document", 403),
            ("/page/app.js", "no-cors", "script", 403),
            ("/page.json", "cors", "empty", 403), ("/healthy", "navigate", "document", 403),
            ("/openrpc.json", "navigate", "document", 403),
            ("/metrics", "navigate", "document", 403),
        ]
    )
    func visits(target: String, mode: String, destination: String, status: Int) async throws {
        let fields =
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: \(mode)\r\n"
            + "Sec-Fetch-Dest: \(destination)\r\n"
        try await TestServer.run { port in
            let visit = try await Self.ask(port, target, fields)
            #expect(visit.status == status)
            let glance = try await Self.ask(port, target, method: "HEAD", fields)
            #expect(glance.status == 403)
        }
    }

    @Test("is closed to strangers like the rest, unless the node is public")
    func strangers() async throws {
        let far = "X-Forwarded-For: 192.0.2.1\r\n"
        try await TestServer.run { port in
            for target in ["/", "/page/app.js", "/page.json", "/m/x"] {
                let answer = try await Self.ask(port, target, far)
                #expect(answer.status == 403)
            }
        }
        let open: (inout RPCConfiguration) -> Void = { $0.isPublic = true }
        try await TestServer.run(configure: open) { port in
            for target in ["/", "/page/app.js", "/page.json", "/m/x"] {
                let answer = try await Self.ask(port, target, far)
                #expect(answer.status == 200)
            }
        }
    }
}
