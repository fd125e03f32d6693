public import PhiCrypto
public import PhiLedger

/// What a network demands of a header, given its parent.
public struct HeaderRules: Sendable {
    /// The network whose rules these are.
    public let network: Network
    private let schedule: Difficulty.Schedule

    /// The last time that the arithmetic of the difficulty rule is safe with.
    public static let timeLimit = Timestamp(milliseconds: 1 << 46)

    /// The rules of a network.
    public init(_ network: Network) {
        self.network = network
        let parameters = network.parameters
        guard
            let target = try? Target(
                compact: network.genesis.bits,
                limit: parameters.targetLimit
            )
        else { preconditionFailure("a network has a possible genesis target") }
        schedule = Difficulty.Schedule(
            genesisTarget: target,
            genesisTime: network.genesis.time.milliseconds,
            interval: parameters.blockInterval,
            halfLife: parameters.halfLife,
            minSpacing: parameters.minimumSpacing,
            idleCap: parameters.idleCap,
            grace: parameters.grace,
            emergencyHalfLife: parameters.emergencyHalfLife,
            limit: parameters.targetLimit,
            retarget: parameters.retargets
        )
    }

    /// The earliest time of a child.
    public func earliestTime(after parent: Header) -> Timestamp {
        parent.time.adding(milliseconds: UInt64(network.parameters.minimumSpacing))
    }

    /// Whether a header lies further ahead of the local clock than a node believes.
    ///
    /// Such a header is held and tried again, and says nothing about its sender.
    public func isTooNew(_ header: Header, now: Timestamp) -> Bool {
        header.time > now.adding(milliseconds: UInt64(network.parameters.futureLimit))
    }

    /// The child of a block, all but its nonce; the time must be possible.
    public func draft(
        after parent: ValidHeader,
        time: Timestamp,
        entryCount: UInt32,
        bodyBytes: UInt32,
        entriesRoot: Digest,
        historyRoot: Digest
    ) throws(HeaderViolation) -> Header {
        let earliest = earliestTime(after: parent.header)
        guard time >= earliest else { throw .tooEarly(earliest: earliest, found: time) }
        guard time < Self.timeLimit else { throw .timeOutOfRange(found: time) }
        guard let height = parent.header.height.next else {
            throw .height(expected: UInt64(UInt32.max) + 1, found: parent.header.height)
        }
        let gap = time.since(parent.header.time)
        let bits = try bits(after: parent.header, time: time)
        let work = try work(of: bits)
        guard let total = parent.header.chainWork.adding(work) else {
            throw .chainWork(expected: parent.header.chainWork, found: work)
        }
        return Header(
            height: height,
            entryCount: entryCount,
            bodyBytes: bodyBytes,
            previous: parent.hash,
            entriesRoot: entriesRoot,
            historyRoot: historyRoot,
            chainWork: total,
            time: time,
            idle: schedule.idle(parentIdle: parent.header.idle, gap: gap),
            bits: bits,
            nonce: 0
        )
    }

    /// Judges a whole header.
    public func judge(
        _ header: Header,
        after parent: ValidHeader,
        historyRoot: Digest
    ) throws(HeaderViolation) -> ValidHeader {
        guard header.previous == parent.hash else { throw .notLinked }
        let expectedHeight = UInt64(parent.header.height.rawValue) + 1
        guard UInt64(header.height.rawValue) == expectedHeight else {
            throw .height(expected: expectedHeight, found: header.height)
        }
        let parameters = network.parameters
        guard header.entryCount <= parameters.maximumEntries else {
            throw .tooManyEntries(limit: parameters.maximumEntries, found: header.entryCount)
        }
        guard header.bodyBytes <= parameters.maximumBodyBytes else {
            throw .bodyTooLarge(limit: parameters.maximumBodyBytes, found: header.bodyBytes)
        }
        guard
            header.entryCount > 0
                || (header.bodyBytes == 0 && header.entriesRoot == MerkleTree.emptyRoot)
        else { throw .emptyBody }
        var expected = try draft(
            after: parent,
            time: header.time,
            entryCount: header.entryCount,
            bodyBytes: header.bodyBytes,
            entriesRoot: header.entriesRoot,
            historyRoot: historyRoot
        )
        guard header.idle == expected.idle else {
            throw .idle(expected: expected.idle, found: header.idle)
        }
        guard header.bits == expected.bits else {
            throw .bits(expected: expected.bits, found: header.bits)
        }
        guard header.chainWork == expected.chainWork else {
            throw .chainWork(expected: expected.chainWork, found: header.chainWork)
        }
        guard header.historyRoot == historyRoot else { throw .historyRoot }
        expected.nonce = header.nonce
        return try proven(expected)
    }

    /// The header that a compact one stands for, judged.
    public func expand(
        _ compact: CompactHeader,
        after parent: ValidHeader,
        historyRoot: Digest
    ) throws(HeaderViolation) -> ValidHeader {
        var header = try draft(
            after: parent,
            time: earliestTime(after: parent.header).adding(milliseconds: compact.delay),
            entryCount: compact.body?.entryCount ?? 0,
            bodyBytes: compact.body?.byteCount ?? 0,
            entriesRoot: compact.body?.root ?? MerkleTree.emptyRoot,
            historyRoot: historyRoot
        )
        header.nonce = compact.nonce
        return try proven(header)
    }

    private func proven(_ header: Header) throws(HeaderViolation) -> ValidHeader {
        let hash = header.hash
        guard try target(of: header.bits).isMet(by: hash) else { throw .work }
        return ValidHeader(judged: header, hash: hash)
    }

    private func bits(after parent: Header, time: Timestamp) throws(HeaderViolation) -> UInt32 {
        do {
            return try schedule.bits(
                parentHeight: parent.height.rawValue,
                parentTime: parent.time.milliseconds,
                parentIdle: parent.idle,
                time: time.milliseconds
            )
        } catch { throw .timeOutOfRange(found: time) }
    }

    /// The target that compact bits stand for.
    public func target(of bits: UInt32) throws(HeaderViolation) -> Target {
        do {
            return try Target(compact: bits, limit: network.parameters.targetLimit)
        } catch { throw .bits(expected: network.genesis.bits, found: bits) }
    }

    /// The work that a block of given bits stands for.
    public func work(of bits: UInt32) throws(HeaderViolation) -> Work {
        try target(of: bits).work
    }
}
