/// Cuts the bytes of a file into the lines of its minutes, as the bytes come.
///
/// A file whose first sign is `{` is made of lines. Anything else is a page, whose lines stand
/// between the first tag of minutes and the next end of a script; nothing of a page is run.
struct MinutesFileLines {
    /// Where the lines of a page begin.
    static let opening = Array(#"<script type="application/x-ndjson" id="phi-minutes">"#.utf8)
    /// Where they end.
    static let closing = Array("</script>".utf8)

    private enum Place {
        case start
        case page
        case lines
        case end
    }

    private let lineByteLimit: Int
    private var place = Place.start
    private var isPage = false
    /// Signs of a tag that stand at the end of what was read.
    private var matched = 0
    private var line: [UInt8] = []
    private var number = 1

    init(lineByteLimit: Int) { self.lineByteLimit = lineByteLimit }

    /// Takes in more bytes, and hands on each line that they end.
    mutating func take(
        _ bytes: some Sequence<UInt8>,
        _ each: (_ line: [UInt8], _ number: Int) throws(MinutesFileFailure) -> Void
    ) throws(MinutesFileFailure) {
        for byte in bytes {
            switch place {
            case .start: try begin(byte)
            case .page where match(byte, Self.opening): place = .lines
            case .page: break
            case .lines: try take(byte, each)
            case .end: return
            }
        }
    }

    /// Hands on what stands after the last line feed.
    mutating func finish(
        _ each: (_ line: [UInt8], _ number: Int) throws(MinutesFileFailure) -> Void
    ) throws(MinutesFileFailure) {
        switch place {
        case .start: throw .empty
        case .page: throw .otherFormat
        case .lines where isPage: throw .cutOff
        case .lines: try endLine(each)
        case .end: break
        }
        place = .end
    }

    private mutating func begin(_ byte: UInt8) throws(MinutesFileFailure) {
        if byte == Self.lineFeed { number += 1 }
        if Self.blanks.contains(byte) || Self.byteOrderMark.contains(byte) { return }
        isPage = byte != UInt8(ascii: "{")
        if isPage {
            place = .page
            number = 1
            _ = match(byte, Self.opening)
        } else {
            place = .lines
            line.append(byte)
        }
    }

    private mutating func take(
        _ byte: UInt8,
        _ each: (_ line: [UInt8], _ number: Int) throws(MinutesFileFailure) -> Void
    ) throws(MinutesFileFailure) {
        if byte == Self.lineFeed {
            matched = 0
            return try endLine(each)
        }
        // The signs of the tag that ends the lines are no part of the last one.
        guard line.count < lineByteLimit + (isPage ? Self.closing.count : 0) else {
            throw .lineTooLong(line: number, limit: lineByteLimit)
        }
        line.append(byte)
        guard isPage, match(byte, Self.closing) else { return }
        line.removeLast(Self.closing.count)
        try endLine(each)
        place = .end
    }

    private mutating func endLine(
        _ each: (_ line: [UInt8], _ number: Int) throws(MinutesFileFailure) -> Void
    ) throws(MinutesFileFailure) {
        guard line.count <= lineByteLimit else {
            throw .lineTooLong(line: number, limit: lineByteLimit)
        }
        if !line.allSatisfy({ Self.blanks.contains($0) }) { try each(line, number) }
        line.removeAll(keepingCapacity: true)
        number += 1
    }

    /// Whether a byte ends a tag; its first sign stands nowhere else in it.
    private mutating func match(_ byte: UInt8, _ tag: [UInt8]) -> Bool {
        if byte == tag[matched] {
            matched += 1
        } else {
            matched = byte == tag[0] ? 1 : 0
        }
        guard matched == tag.count else { return false }
        matched = 0
        return true
    }

    private static let lineFeed: UInt8 = 0x0A
    private static let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D]
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
