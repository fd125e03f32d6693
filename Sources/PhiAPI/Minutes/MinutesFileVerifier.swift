public import PhiCrypto
public import PhiMeetings

/// What a file of minutes shows.
public struct MinutesFileVerdict: Hashable, Sendable {
    /// The verdict on the minutes.
    public let minutes: MinutesVerdict
    /// Secrets of epochs in the file; whoever has the file reads what they open.
    public let secretCount: Int
    /// Keys of single texts in the file.
    public let keyCount: Int
    /// Whether a receipt shows the block that the reader trusts.
    public let isTrusted: Bool
}

/// Judges a file of minutes as its bytes come, in little memory however long it is.
public struct MinutesFileVerifier: Sendable {
    private let limits: MinutesFileLimits
    private let trusted: Digest?
    private var lines: MinutesFileLines
    private var judge = Judge()
    private var byteCount = 0

    /// A verifier that has seen nothing.
    ///
    /// - Parameters:
    ///   - trusted: The hash of a block that the reader knows to be in the right chain.
    ///   - limits: What a file may have at most.
    public init(trusting trusted: Digest? = nil, limits: MinutesFileLimits = MinutesFileLimits()) {
        self.limits = limits
        self.trusted = trusted
        lines = MinutesFileLines(lineByteLimit: limits.lineByteCount)
    }

    /// Takes in the next bytes of the file.
    ///
    /// - Parameter bytes: As many as there are.
    /// - Throws: The first rule that is broken.
    public mutating func take(_ bytes: some Collection<UInt8>) throws(MinutesFileFailure) {
        guard bytes.count <= limits.byteCount - byteCount else {
            throw .tooLong(limit: limits.byteCount)
        }
        byteCount += bytes.count
        try lines.take(bytes) { line, number throws(MinutesFileFailure) in
            try judge.take(line, number, limits, trusted)
        }
    }

    /// The verdict, once all bytes were taken in.
    ///
    /// - Returns: What the minutes show.
    /// - Throws: The first rule that is broken.
    public mutating func finish() throws(MinutesFileFailure) -> MinutesFileVerdict {
        try lines.finish { line, number throws(MinutesFileFailure) in
            try judge.take(line, number, limits, trusted)
        }
        return try judge.finish(trusted)
    }
}

/// Judges the lines of one file.
private struct Judge: Sendable {
    private var verifier = MinutesVerifier()
    private var isFormatKnown = false
    private var recordCount: UInt64 = 0
    private var receiptCount = 0
    private var secretCount = 0
    private var keyCount = 0
    private var isTrusted = false

    mutating func take(
        _ bytes: [UInt8],
        _ number: Int,
        _ limits: MinutesFileLimits,
        _ trusted: Digest?
    ) throws(MinutesFileFailure) {
        let line = try MinutesFileLine(bytes, number: number, limit: limits.lineByteCount)
        guard isFormatKnown else {
            guard case .format(let name) = line, name == MinutesFileLine.format else {
                throw .otherFormat
            }
            isFormatKnown = true
            return
        }
        switch line {
        case .minutes(let line): try take(line, limits, trusted)
        case .secret: secretCount += 1
        case .key: keyCount += 1
        case .format, .other: break
        }
    }

    mutating func finish(_ trusted: Digest?) throws(MinutesFileFailure) -> MinutesFileVerdict {
        guard isFormatKnown else { throw .empty }
        let verdict: MinutesVerdict
        do { verdict = try verifier.finish() } catch { throw .minutes(error) }
        guard trusted == nil || isTrusted else { throw .trustedBlockAbsent }
        return MinutesFileVerdict(
            minutes: verdict,
            secretCount: secretCount,
            keyCount: keyCount,
            isTrusted: isTrusted
        )
    }

    private mutating func take(
        _ line: MinutesLine,
        _ limits: MinutesFileLimits,
        _ trusted: Digest?
    ) throws(MinutesFileFailure) {
        switch line {
        case .record:
            guard recordCount < limits.recordCount else {
                throw .tooManyRecords(limit: limits.recordCount)
            }
            recordCount += 1
        case .receipt:
            guard receiptCount < limits.receiptCount else {
                throw .tooManyReceipts(limit: limits.receiptCount)
            }
            receiptCount += 1
        case .approval: break
        }
        do { try verifier.take(line) } catch { throw .minutes(error) }
        if case .receipt(let text) = line, let trusted, !isTrusted {
            isTrusted = (try? ReceiptVerifier.verify(text, trusting: trusted)) != nil
        }
    }
}
