import Foundation
import PhiAPI
import PhiCrypto
import PhiTesting

/// Files of minutes from `docs/vectors/meetings.json`.
struct MinutesSample {
    /// There is no such file.
    struct Missing: Error {}

    /// The lines without their line feeds.
    var lines: [String]

    /// The file of a name.
    init(_ name: String) throws {
        let place = SharedFolder.packageRoot.appending(path: "docs/vectors/meetings.json")
        let limits = JSONLimits(byteCount: 1 << 24)
        let json = try JSON(parsing: Array(try Data(contentsOf: place)), limits: limits)
        let file = json["minutesFiles"]?.array?.first { $0["name"]?.string == name }
        guard let text = file?["text"]?.string else { throw Missing() }
        lines = text.split(separator: "\n").map(String.init)
    }

    /// The file.
    var text: String { lines.map { $0 + "\n" }.joined() }

    /// The file as a page around it.
    var page: String {
        let data = text.replacingOccurrences(of: "<", with: #"\u003c"#)
        return """
            <!doctype html><title>Minutes</title><script>"<script>"</script>
            <script type="application/x-ndjson" id="phi-minutes">
            \(data)</script><script>otherwise</script>
            """
    }

    /// Where the lines of a member are.
    func places(of member: String) -> [Int] {
        lines.indices.filter { lines[$0].hasPrefix("{\"\(member)\"") }
    }
}

extension MinutesFileVerifier {
    /// Judges a text, handed over in pieces.
    static func judge(
        _ text: String,
        trusting: String? = nil,
        limits: MinutesFileLimits = MinutesFileLimits(),
        pieces: Int = 4_096
    ) -> Result<MinutesFileVerdict, MinutesFileFailure> {
        let bytes = Array(text.utf8)
        let trusted = trusting.flatMap { Digest(hex: $0) }
        var verifier = MinutesFileVerifier(trusting: trusted, limits: limits)
        do throws(MinutesFileFailure) {
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                try verifier.take(bytes[start..<min(start + pieces, bytes.count)])
            }
            return .success(try verifier.finish())
        } catch { return .failure(error) }
    }
}
