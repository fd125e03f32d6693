import Foundation
import Testing

@Suite("The program that plays bad peers") struct BadPeerCommandTests {
    private let folder: NodeProcessFolder

    init() throws { folder = try NodeProcessFolder() }

    /// The behaviors that a list means, as the numbers of the outcomes.
    private func numbers(of list: String) async throws -> [Int64] {
        // Nobody listens at port 1, so every call ends at once.
        let ending = try await BadPeerProgram.run(
            [list, "--peer", "127.0.0.1:1", "--duration", "0.1", "--json"],
            in: folder
        )
        return ending.output.split(separator: "\n").compactMap {
            NodeProcessValue(parsing: $0.utf8)["number"].integer
        }
    }

    @Test("has all forty behaviors, each with a name of its own and a sentence")
    func catalogue() async throws {
        let ending = try await BadPeerProgram.run(["list", "--json"], in: folder)
        let rows = ending.output.split(separator: "\n").map { NodeProcessValue(parsing: $0.utf8) }
        #expect(rows.map { $0["number"].integer } == (1...40).map { Int64($0) })
        let names = rows.compactMap { $0["name"].text }
        #expect(Set(names).count == 40)
        #expect(rows.allSatisfy { $0["summary"].text?.isEmpty == false })
        let text = try await BadPeerProgram.run(["list"], in: folder).output
        for name in names { #expect(text.contains(" \(name) ")) }
    }

    @Test("takes numbers, ranges and names, each behavior once")
    func lists() async throws {
        #expect(try await numbers(of: "7") == [7])
        #expect(try await numbers(of: "stall,1-3,2") == [1, 2, 3, 31])
        #expect(try await numbers(of: "39-40,eclipse") == [39, 40])
        #expect(try await numbers(of: "all") == (1...40).map { Int64($0) })
    }

    @Test(
        "refuses lists that name nothing",
        arguments: ["", "0", "41", "40-41", "5-3", "nobody", "1,,2", "1,", "-1", "1-2-3"]
    )
    func wrongList(list: String) async throws {
        let ending = try await BadPeerProgram.run(
            ["--peer", "127.0.0.1:1", "--", list],
            in: folder
        )
        #expect(ending.status == 64)
        #expect(!ending.errors.isEmpty)
    }

    @Test("refuses to begin without somebody to play against") func nobody() async throws {
        #expect(try await BadPeerProgram.run(["1"], in: folder).status == 64)
        #expect(try await BadPeerProgram.run(["1", "--peer", "here"], in: folder).status == 64)
    }
}
