public import PhiMeetings

/// What a file of minutes may have at most.
public struct MinutesFileLimits: Sendable {
    /// Bytes of the file, a page around the minutes included.
    public var byteCount = 1 << 30
    /// Bytes of a line; the longest that is of use holds a receipt.
    public var lineByteCount = 1 << 20
    /// Records, approvals apart.
    public var recordCount: UInt64 = 1_000_000
    /// Receipts, of which one says as much as many.
    public var receiptCount = 10_000

    /// The limits that every reader of such files keeps.
    public init() {}
}

/// Why a file of minutes is refused; lines are counted from 1, in a page from its first line of
/// minutes.
public enum MinutesFileFailure: Error, Equatable, Sendable {
    /// The file has more bytes than are read.
    case tooLong(limit: Int)
    /// A line has more bytes than any of use.
    case lineTooLong(line: Int, limit: Int)
    /// There are more records than are judged.
    case tooManyRecords(limit: UInt64)
    /// There are more receipts than are judged.
    case tooManyReceipts(limit: Int)
    /// There is no line.
    case empty
    /// The first line does not name the format, or a page has no minutes.
    case otherFormat
    /// A page ends within its minutes.
    case cutOff
    /// A line is no JSON.
    case notJSON(line: Int, JSONFailure)
    /// A line has not exactly one member.
    case notOneMember(line: Int)
    /// The member of a line has not the form of its name.
    case malformed(line: Int, member: String)
    /// The minutes break a rule.
    case minutes(MinutesFailure)
    /// No receipt shows the block that the reader trusts.
    case trustedBlockAbsent
}
