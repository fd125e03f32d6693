import Foundation
import Testing

@Suite("The repository") struct TidyTests {
    private static let manifest = Manifest(Repository.text("Package.swift") ?? "")

    private static var core: [SourceFile] {
        Repository.sources.filter { manifest.core.keys.contains($0.target) }
    }

    /// Says each violation on a line of its own, since all of them have to be mended.
    private func expectNone(
        _ violations: [Violation],
        location: SourceLocation = #_sourceLocation
    ) {
        for violation in violations {
            Issue.record("\(violation.description)", sourceLocation: location)
        }
    }

    @Test("is found by its tests") func presence() {
        #expect(Self.manifest.core.count >= 7)
        #expect(Set(Self.core.map(\.target)) == Set(Self.manifest.core.keys))
        #expect(Repository.everything.count > Repository.sources.count)
        let hasReadme = Repository.paths.contains("README.md")
        #expect(hasReadme)
    }

    @Test("keeps time, chance, tasks and fractions out of the core") func purity() {
        expectNone(Self.core.flatMap(CoreRules.purity))
    }

    @Test("imports into the core only what the manifest gives") func imports() {
        expectNone(Self.core.flatMap { CoreRules.imports($0, Self.manifest) })
    }

    @Test("never walks a hash table in the core") func order() {
        let targets = Dictionary(grouping: Self.core, by: \.target)
        for (_, files) in targets.sorted(by: { $0.key < $1.key }) {
            let everywhere = Set(files.flatMap(OrderRules.unordered))
            expectNone(files.flatMap { OrderRules.walks($0, names: everywhere) })
        }
    }

    @Test("has short files") func fileLengths() {
        expectNone(Repository.everything.flatMap(SizeRules.file))
    }

    @Test("has short functions") func functionLengths() {
        expectNone(Repository.everything.flatMap(SizeRules.functions))
    }

    @Test("documents what is public") func declarations() {
        expectNone(Repository.sources.flatMap(DocumentationRules.declarations))
    }

    @Test("documents each case of an enum") func cases() {
        expectNone(Repository.sources.flatMap(DocumentationRules.cases))
    }

    @Test("has no traps and no prints in its libraries") func traps() {
        expectNone(Repository.sources.flatMap(SafetyRules.traps))
    }

    @Test("claims nothing about threads that no compiler checks") func claims() {
        expectNone(Repository.everything.flatMap { SafetyRules.claims($0) })
    }

    @Test("gives each C module to one target") func ownership() {
        expectNone(Repository.everything.flatMap(SafetyRules.ownership))
        for (module, owner) in SafetyRules.owners.sorted(by: { $0.key < $1.key }) {
            let users = Repository.sources.filter { file in
                file.imports.contains { $0.text == module }
            }
            #expect(Set(users.map(\.target)) == [owner], "\(module) is used by \(owner)")
        }
    }

    @Test("leaves no unfinished work, paths of a machine or untidy lines") func text() {
        for path in Repository.paths {
            guard let text = Repository.text(path) else { continue }
            expectNone(TextRules.lines(path, text))
        }
    }

    @Test("serves a page of short files that run nothing but their own code") func page() {
        let files = Repository.paths.filter { $0.hasPrefix(PageRules.folder) }
        #expect(files.count > 50)
        for path in files {
            guard let text = Repository.text(path) else { continue }
            expectNone(PageRules.violations(path, text))
        }
    }

    @Test("has a README that is read to its end") func readme() throws {
        let text = try #require(Repository.text("README.md"))
        expectNone(TextRules.readme(text))
    }

    @Test("has no link to a page that is not there") func links() {
        for path in Repository.paths where path.hasSuffix(".md") {
            guard let text = Repository.text(path) else { continue }
            expectNone(
                TextRules.links(path, text) { target in
                    FileManager.default.fileExists(
                        atPath: Repository.root.appending(path: target).path
                    )
                }
            )
        }
    }
}
