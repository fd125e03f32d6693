import Foundation
import PhiAPI
import PhiTesting
import Testing

@Suite("Verifying minutes") struct MinutesCommandTests {
    /// The files of `docs/vectors/meetings.json`, written where the program can read them.
    private struct Files {
        let whole: String
        let least: String
        let page: String

        init(in folder: String) throws {
            let place = SharedFolder.packageRoot.appending(path: "docs/vectors/meetings.json")
            let limits = JSONLimits(byteCount: 1 << 24)
            let json = try JSON(parsing: Array(try Data(contentsOf: place)), limits: limits)
            var texts: [String: String] = [:]
            for file in json["minutesFiles"]?.array ?? [] {
                texts[file["name"]?.string ?? ""] = file["text"]?.string
            }
            let whole = try #require(texts["whole"])
            texts["page"] =
                "<!doctype html><script type=\"application/x-ndjson\" id=\"phi-minutes\">\n"
                + whole.replacingOccurrences(of: "<", with: "\\u003c") + "</script>"
            for (name, text) in texts {
                try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            self.whole = folder + "/whole"
            least = folder + "/least"
            page = folder + "/page"
        }
    }

    private func documents(_ text: String) throws -> [JSON] {
        try text.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    }

    @Test("accepts lines and pages, one document each, and says what is proved")
    func valid() throws {
        let program = try Program()
        defer { program.remove() }
        let files = try Files(in: program.home)
        let outcome = try program.run(
            ["minutes", "verify", "--json", files.whole, files.page, files.least]
        )
        #expect(outcome.status == 0)
        let documents = try documents(outcome.output)
        try #require(documents.count == 3)
        #expect(documents.map { $0["provedComplete"]?.bool } == [true, true, false])
        #expect(documents.map { $0["erased"] } == [.integer(0), .integer(0), .integer(1)])
        #expect(documents.allSatisfy { $0["entries"] == .integer(6) })
        #expect(documents[0]["root"] == documents[2]["root"])
        #expect(documents[0]["receipts"]?.array?.count == 1)
        #expect(documents[0]["approvedBy"]?[0] == documents[0]["host"])
    }

    @Test("tells people what the minutes prove and what they do not")
    func words() throws {
        let program = try Program()
        defer { program.remove() }
        let files = try Files(in: program.home)
        let proved = try program.run(["minutes", "verify", files.page])
        #expect(proved.status == 0)
        #expect(proved.output.hasPrefix("VALID"))
        #expect(proved.output.contains("Nothing is missing: a block holds an approval"))
        #expect(proved.output.contains("if this is the chain you mean"))
        #expect(proved.output.contains("Whoever has this file can read texts"))
        #expect(!proved.output.contains("\u{1b}"))
        let poor = try program.run(["minutes", "verify", files.least])
        #expect(poor.output.contains("Nobody signed that nothing is missing"))
        #expect(!poor.output.contains("Whoever has this file"))
    }

    @Test("ends with status 4 when one of several is refused, and says why")
    func refused() throws {
        let program = try Program()
        defer { program.remove() }
        let files = try Files(in: program.home)
        let text = try String(contentsOf: URL(filePath: files.whole), encoding: .utf8)
        let cut = program.home + "/cut"
        let lines = text.split(separator: "\n")
        try Data(lines.dropFirst(2).joined(separator: "\n").utf8).write(to: URL(filePath: cut))
        let short = program.home + "/short"
        let kept = lines.prefix(3) + lines.dropFirst(4)
        try Data(kept.joined(separator: "\n").utf8).write(to: URL(filePath: short))
        let outcome = try program.run(
            ["minutes", "verify", "--json", files.whole, cut, short, files.least]
        )
        #expect(outcome.status == 4)
        let documents = try documents(outcome.output)
        #expect(documents.map { $0["valid"]?.bool } == [true, false, false, true])
        #expect(documents[1]["rule"] == .string("otherFormat"))
        #expect(documents[2]["rule"] == .string("notLinked"))
        #expect(documents[2]["reason"]?.string?.isEmpty == false)
    }

    @Test("looks for the block that the reader trusts")
    func trusted() throws {
        let program = try Program()
        defer { program.remove() }
        let files = try Files(in: program.home)
        let first = try documents(program.run(["minutes", "verify", "--json", files.whole]).output)
        let last = try #require(first.first?["receipts"]?[0]?["last"]?.string)
        let right = try program.run(["minutes", "verify", "--json", files.whole, "--header", last])
        #expect(right.status == 0)
        #expect(try documents(right.output)[0]["trusted"] == .bool(true))
        for (file, header) in [
            (files.whole, String(repeating: "1", count: 64)), (files.least, last),
        ] {
            let wrong = try program.run(["minutes", "verify", file, "--header", header])
            #expect(wrong.status == 4)
        }
    }

    @Test("reads standard input")
    func standardInput() throws {
        let program = try Program()
        defer { program.remove() }
        let files = try Files(in: program.home)
        let text = try String(contentsOf: URL(filePath: files.page), encoding: .utf8)
        let outcome = try program.run(["minutes", "verify", "-"], input: text)
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("VALID"))
    }

    @Test("ends with status 1 when a file is not there, and with 2 for two standard inputs")
    func absent() throws {
        let program = try Program()
        defer { program.remove() }
        #expect(try program.run(["minutes", "verify", "/absent.html"]).status == 1)
        #expect(try program.run(["minutes", "verify", "-", "-"]).status == 2)
    }
}
