/// What keeps the web page small, readable, and free of anything that a browser should not run.
enum PageRules {
    /// Where the page's files are.
    static let folder = "Sources/CWeb/page/"

    /// Ways to make markup or code out of a text, which may be somebody else's.
    private static let dangers = [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
        "createContextualFragment", "javascript:", "setAttribute('style'", "importScripts",
    ]

    /// Beginnings of addresses that lead to no other place: a name space, and a picture of a link.
    private static let known = ["http://www.w3.org/", "https://…", "https://<"]

    /// All that is wrong with a file of the page.
    static func violations(_ path: String, _ text: String) -> [Violation] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        var found: [Violation] = []
        func refuse(_ line: Int, _ message: String) {
            found.append(Violation(path: path, line: line, message: message))
        }
        if lines.count > SizeRules.fileLimit {
            refuse(
                lines.count,
                "has \(lines.count) lines, at most \(SizeRules.fileLimit) are allowed"
            )
        }
        for (number, line) in zip(1..., lines) {
            for message in messages(String(line), of: path) { refuse(number, message) }
        }
        return found
    }

    private static func messages(_ line: String, of path: String) -> [String] {
        var found = dangers.filter(line.contains).map { "uses \($0)" }
        if hasOrigin(line) { found.append("names another origin") }
        if path.hasSuffix(".html") {
            found += inline.filter { line.lowercased().contains($0) }.map { "has inline \($0)" }
            let isScript = line.lowercased().contains("<script")
            if isScript, !line.contains("src=\"/page/") { found.append("has an inline script") }
        }
        // Comments are known by the beginnings of lines, which a text of several lines could fake.
        if path.hasSuffix(".js"), !line.count(where: { $0 == "`" }).isMultiple(of: 2) {
            found.append("has a text of several lines")
        }
        return found
    }

    /// What an HTML file keeps in files of its own.
    private static let inline = ["<style", "style=", "onclick=", "onload=", "onerror="]

    private static func hasOrigin(_ line: String) -> Bool {
        ["http://", "https://", "src=\"//", "href=\"//"].contains { beginning in
            line.ranges(of: beginning).contains { range in
                let rest = line[range.lowerBound...]
                return !known.contains { rest.hasPrefix($0) }
            }
        }
    }
}
