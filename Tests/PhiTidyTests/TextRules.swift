/// What holds for every text of the repository, whatever its language.
enum TextRules {
    /// Lines that the README may have, so that it is read to its end.
    static let readmeLimit = 150

    /// Marks of unfinished work; written in two halves, so that this file passes its own rule.
    private static let unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

    /// Beginnings of paths that exist on one machine only.
    private static let places = ["/wo" + "rk/", "/ho" + "me/", "/Us" + "ers/", "/ro" + "ot/"]

    /// Marks that a merge leaves behind.
    private static let conflicts = [
        String(repeating: "<", count: 7), String(repeating: ">", count: 7),
    ]

    /// Unfinished work, paths of a machine, traces of a merge and untidy line ends.
    static func lines(_ path: String, _ text: String) -> [Violation] {
        var found: [Violation] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in zip(1..., lines) {
            func refuse(_ message: String) {
                found.append(Violation(path: path, line: number, message: message))
            }
            let words = line.split { !$0.isLetter }
            for mark in unfinished where words.contains(Substring(mark)) { refuse("says \(mark)") }
            for place in places where names(line, place) { refuse("names a path of one machine") }
            if conflicts.contains(where: line.hasPrefix) { refuse("bears the mark of a merge") }
            if line.hasSuffix(" ") || line.hasSuffix("\t") { refuse("ends in a blank") }
            if line.utf8.last == UInt8(ascii: "\r") { refuse("ends in a carriage return") }
        }
        if !text.isEmpty, !text.hasSuffix("\n") {
            found.append(
                Violation(path: path, line: lines.count, message: "lacks its last line end")
            )
        }
        return found
    }

    /// A README that is too long.
    static func readme(_ text: String) -> [Violation] {
        let count = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        guard count > readmeLimit else { return [] }
        let message = "has \(count) lines, at most \(readmeLimit) are allowed"
        return [Violation(path: "README.md", line: count, message: message)]
    }

    /// Links of a Markdown text to files that are not there.
    static func links(_ path: String, _ text: String, exists: (String) -> Bool) -> [Violation] {
        var found: [Violation] = []
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        for (number, line) in zip(
            1...,
            text.split(separator: "\n", omittingEmptySubsequences: false)
        ) {
            for part in line.components(after: "](") {
                let target = part.prefix { $0 != ")" && $0 != "#" }
                guard !target.isEmpty, !target.contains(":"), !target.contains(" ") else {
                    continue
                }
                let place = resolved(folder, String(target))
                guard !exists(place) else { continue }
                found.append(Violation(path: path, line: number, message: "links to \(target)"))
            }
        }
        return found
    }

    /// Whether a line names a place from the root, and not inside of another path.
    private static func names(_ line: Substring, _ place: String) -> Bool {
        line.components(before: place).contains { before in
            guard let last = before.last else { return true }
            return !(last.isLetter || last.isNumber || "._-$/}~>".contains(last))
        }
    }

    private static func resolved(_ folder: String, _ target: String) -> String {
        var parts = folder.split(separator: "/").map(String.init)
        for part in target.split(separator: "/") {
            if part == ".." {
                _ = parts.popLast()
            } else if part != "." {
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}

extension Substring {
    /// What follows each place of a text, to the end.
    fileprivate func components(after text: String) -> [Substring] {
        ranges(of: text).map { self[$0.upperBound...] }
    }

    /// What stands before each place of a text, from the start.
    fileprivate func components(before text: String) -> [Substring] {
        ranges(of: text).map { self[..<$0.lowerBound] }
    }
}
