import Foundation
import PhiAPI
import PhiTesting
import Testing

@Suite("Verifying receipts") struct ReceiptCommandTests {
    private static let names = ["r1", "r2-erased", "r3-tip", "r4-one-entry"]

    private func paths() -> [String]? {
        guard SharedFolder.data("vectors/phi/r1.phi") != nil else { return nil }
        return Self.names.map { SharedFolder.url("vectors/phi/\($0).phi").path }
    }

    private func documents(_ text: String) throws -> [JSON] {
        try text.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    }

    @Test("accepts those of the shared vectors, one document each")
    func valid() throws {
        guard let paths = paths() else { return }
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(["receipt", "verify", "--json"] + paths)
        #expect(outcome.status == 0)
        let documents = try documents(outcome.output)
        try #require(documents.count == paths.count)
        #expect(documents.map { $0["file"]?.string } == paths)
        #expect(documents.allSatisfy { $0["valid"] == .bool(true) })
        #expect(documents[0]["height"] == .integer(9))
    }

    @Test("ends with status 4 when one of several is wrong, and says why")
    func invalid() throws {
        guard let paths = paths() else { return }
        let program = try Program()
        defer { program.remove() }
        var bytes = Array(try Data(contentsOf: URL(filePath: paths[0])))
        bytes[bytes.count / 2] ^= 1
        let changed = program.home + "/changed.phi"
        try Data(bytes).write(to: URL(filePath: changed))
        let outcome = try program.run(["receipt", "verify", "--json", paths[0], changed, paths[1]])
        #expect(outcome.status == 4)
        let documents = try documents(outcome.output)
        #expect(documents.map { $0["valid"]?.bool } == [true, false, true])
        #expect(documents[1]["reason"]?.string?.isEmpty == false)
    }

    @Test("looks for the block that the reader trusts")
    func trusted() throws {
        guard let paths = paths() else { return }
        let program = try Program()
        defer { program.remove() }
        let first = try documents(
            program.run(["receipt", "verify", "--json", paths[0]]).output
        )
        let last = try #require(first.first?["last"]?.string)
        let right = try program.run(["receipt", "verify", "--json", paths[0], "--header", last])
        #expect(right.status == 0)
        #expect(try documents(right.output)[0]["trusted"] == .bool(true))
        let other = String(repeating: "1", count: 64)
        let wrong = try program.run(["receipt", "verify", "--json", paths[0], "--header", other])
        #expect(wrong.status == 4)
    }

    @Test("reads standard input, and gives a pipe no color")
    func standardInput() throws {
        guard let data = SharedFolder.data("vectors/phi/r1.phi") else { return }
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(
            ["receipt", "verify", "-"],
            input: String(decoding: data, as: UTF8.self)
        )
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("VALID"))
        #expect(!outcome.output.contains("\u{1b}"))
    }

    @Test("ends with status 1 when a file is not there")
    func absent() throws {
        let program = try Program()
        defer { program.remove() }
        #expect(try program.run(["receipt", "verify", "/absent.phi"]).status == 1)
    }
}
