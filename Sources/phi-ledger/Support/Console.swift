import PhiAPI

/// Where a command's results go: text for people, or one JSON document a line for programs.
struct Console: Sendable {
    /// Whether documents are wanted.
    let isJSON: Bool

    /// Prints the document, or else the text.
    func emit(_ json: JSON, _ text: @autoclosure () -> String) {
        if isJSON {
            Terminal.standardOutput.write(json.serialized() + [0x0A])
        } else {
            Terminal.standardOutput.line(text())
        }
    }

    /// Prints the document, or else the text.
    func emit(_ document: some Document, _ text: @autoclosure () -> String) {
        if isJSON {
            Terminal.standardOutput.write(document.serialized() + [0x0A])
        } else {
            Terminal.standardOutput.line(text())
        }
    }

    /// Tells something beside the result.
    func note(_ text: String) { Terminal.standardError.line(text) }

    func styled(_ text: String, _ style: Terminal.Style) -> String {
        Terminal.standardOutput.styled(text, style)
    }
}

extension JSON {
    /// The document as a tree.
    init(_ document: some Document) {
        self = (try? JSON(parsing: document.serialized(), limits: Self.documentLimits)) ?? .null
    }

    private static let documentLimits = JSONLimits(byteCount: 64 << 20)

    /// This object with members in place of those of the same name, or after all others.
    func merging(_ members: [(String, JSON)]) -> JSON {
        guard case .object(var all) = self else { return self }
        for (name, value) in members {
            if let index = all.firstIndex(where: { $0.0 == name }) {
                all[index].1 = value
            } else {
                all.append((name, value))
            }
        }
        return .object(all)
    }
}
