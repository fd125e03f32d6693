import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The time of a header") struct HeaderTimeTests {
    /// A network that retargets from a target 32 times harder than its limit.
    static let network = TestNetwork.make(retargets: true, genesisTarget: .powerOfTwo(250)) {
        $0.minimumSpacing = 100
    }
    static let rules = HeaderRules(network)
    static let genesis = ValidHeader(genesisOf: network)
    static let start = network.genesis.time.milliseconds
    static let parameters = network.parameters

    @Test("is the parent's and the least spacing at the earliest")
    func spacing() throws {
        let earliest = Timestamp(milliseconds: Self.start + 100)
        #expect(Self.rules.earliestTime(after: Self.network.genesis) == earliest)
        for delay in [100, 101] as [UInt64] {
            #expect(try draft(delay).time.milliseconds == Self.start + delay)
        }
        for time in [Self.start + 99, Self.start + 1, Self.start, Self.start - 1, 0] {
            let found = Timestamp(milliseconds: time)
            refuses(.tooEarly(earliest: earliest, found: found), found)
        }
    }

    @Test("is below the limit of the arithmetic")
    func range() throws {
        let last = Timestamp(milliseconds: (1 << 46) - 1)
        #expect(try draft(at: last).time == last)
        for time in [1 << 46, (1 << 46) + 1, 1 << 63, .max - 1, .max] as [UInt64] {
            let found = Timestamp(milliseconds: time)
            refuses(.timeOutOfRange(found: found), found)
        }
    }

    @Test("counts as idle past the cap", arguments: [-1, 0, 1, 2, 1_000_000] as [Int64])
    func idleCap(past: Int64) throws {
        let gap = UInt64(Int64(Self.parameters.idleCap) + past)
        #expect(try draft(gap).idle == UInt64(max(0, past)))
    }

    @Test("adds to the idle time of the parent")
    func idleSum() throws {
        var chain = TestChain(on: Self.network)
        let cap = UInt64(Self.parameters.idleCap)
        for (delay, idle) in [(cap + 5, 5), (cap, 5), (cap + 1, 6), (100, 6)] {
            #expect(chain.append(delay: delay).header.header.idle == idle)
        }
    }

    @Test("eases the target past the grace and no sooner")
    func grace() throws {
        let grace = UInt64(Self.parameters.grace)
        let half = UInt64(Self.parameters.emergencyHalfLife)
        #expect(try draft(100).bits == 0x2004_0000)
        #expect(try draft(grace - 1).bits == 0x2004_0000)
        #expect(try draft(grace).bits == 0x2004_0000)
        // One millisecond of 6,000: ten 65,536ths of a doubling, a factor of 1 + 7 / 65,536.
        #expect(try draft(grace + 1).bits == 0x2004_001c)
        #expect(try draft(grace + half).bits == 0x2008_0000)
        #expect(try draft(grace + 2 * half).bits == 0x2010_0000)
        #expect(try draft(grace + 5 * half).bits == 0x2100_8000)
        #expect(try draft(grace + 6 * half).bits == 0x2100_8000)
    }

    @Test("of the parent moves the target by the half-life")
    func halfLife() throws {
        let half = UInt64(Self.parameters.halfLife)
        let interval = UInt64(Self.parameters.blockInterval)
        // The parent's delay against its schedule counts, whatever the child's own time is.
        for (delay, bits) in [(half + interval, 0x2008_0000), (interval, 0x2004_0000)] {
            let parent = stored(height: 1, time: Self.start + delay, idle: 0)
            #expect(try draft(after: parent, delay: 100).bits == UInt32(bits))
        }
        // Forgiven time does not count.
        let forgiven = stored(height: 1, time: Self.start + half + interval, idle: half)
        #expect(try draft(after: forgiven, delay: 100).bits == 0x2004_0000)
        // Sixty blocks at once are a half-life ahead.
        let ahead = stored(height: 60, time: Self.start, idle: 0)
        #expect(try draft(after: ahead, delay: 100).bits == 0x2002_0000)
    }

    @Test("is too new past the future limit of the local clock")
    func future() {
        let limit = UInt64(Self.parameters.futureLimit)
        var header = Self.network.genesis
        let now = Timestamp(milliseconds: Self.start)
        for (time, isTooNew) in [(limit - 1, false), (limit, false), (limit + 1, true)] {
            header.time = now.adding(milliseconds: time)
            #expect(Self.rules.isTooNew(header, now: now) == isTooNew)
        }
        header.time = Timestamp(milliseconds: .max)
        #expect(Self.rules.isTooNew(header, now: now))
        #expect(!Self.rules.isTooNew(header, now: Timestamp(milliseconds: .max)))
        #expect(!Self.rules.isTooNew(header, now: Timestamp(milliseconds: .max - limit + 1)))
        header.time = .zero
        #expect(!Self.rules.isTooNew(header, now: .zero))
    }

    @Test("may be anything in a parent without stopping the node")
    func extremes() {
        let numbers: [UInt64] = [0, 1, Self.start, (1 << 46) - 1, 1 << 46, 1 << 63, .max - 1, .max]
        let heights: [UInt32] = [0, 1, 1 << 31, .max - 1, .max]
        for network in [Self.network, TestNetwork.make()] {
            let rules = HeaderRules(network)
            for time in numbers {
                for idle in numbers {
                    for height in heights {
                        let parent = stored(height: height, time: time, idle: idle)
                        for child in numbers + [time &+ 100] {
                            outcome(rules, after: parent, time: child)
                        }
                    }
                }
            }
        }
    }

    @Test("leads to no child past the last height")
    func lastHeight() {
        let parent = stored(height: .max, time: Self.start, idle: 0)
        let expected = HeaderViolation.height(expected: 1 << 32, found: Height(.max))
        #expect(throws: expected) { try draft(after: parent, delay: 100) }
        var child = parent.header
        child.previous = parent.hash
        for found in [0, UInt32.max] {
            child.height = Height(found)
            #expect(throws: HeaderViolation.height(expected: 1 << 32, found: Height(found))) {
                try Self.rules.judge(child, after: parent, historyRoot: MerkleTree.emptyRoot)
            }
        }
    }

    @Test("leads to no child whose work passes 128 bits")
    func lastWork() throws {
        let work = try Self.rules.work(of: Self.network.genesis.bits)
        let room = Work(rawValue: .max - work.rawValue)
        let full = stored(height: 60, time: Self.start + 60_000, idle: 0, work: room)
        #expect(try draft(after: full, delay: 100).chainWork == Work(rawValue: .max))
        let over = Work(rawValue: room.rawValue + 1)
        let parent = stored(height: 60, time: Self.start + 60_000, idle: 0, work: over)
        #expect(throws: HeaderViolation.chainWork(expected: over, found: work)) {
            try draft(after: parent, delay: 100)
        }
    }

    private func draft(_ delay: UInt64) throws -> Header {
        try draft(after: Self.genesis, delay: delay)
    }

    private func draft(at time: Timestamp) throws -> Header {
        try draft(after: Self.genesis, delay: time.milliseconds - Self.start)
    }

    private func draft(after parent: ValidHeader, delay: UInt64) throws -> Header {
        try Self.rules.draft(
            after: parent,
            time: parent.header.time.adding(milliseconds: delay),
            entryCount: 0,
            bodyBytes: 0,
            entriesRoot: MerkleTree.emptyRoot,
            historyRoot: MerkleTree.emptyRoot
        )
    }

    /// Expects the same refusal of a draft and of a whole header.
    private func refuses(
        _ expected: HeaderViolation,
        _ time: Timestamp,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var header = Self.network.genesis
        header.height = Height(1)
        header.previous = Self.network.chain
        header.time = time
        #expect(throws: expected, sourceLocation: sourceLocation) {
            try Self.rules.judge(header, after: Self.genesis, historyRoot: MerkleTree.emptyRoot)
        }
        #expect(throws: expected, sourceLocation: sourceLocation) {
            try Self.rules.draft(
                after: Self.genesis,
                time: time,
                entryCount: 0,
                bodyBytes: 0,
                entriesRoot: MerkleTree.emptyRoot,
                historyRoot: MerkleTree.emptyRoot
            )
        }
    }

    /// Drafts a child; that it returns at all is the test.
    private func outcome(_ rules: HeaderRules, after parent: ValidHeader, time: UInt64) {
        let draft = try? rules.draft(
            after: parent,
            time: Timestamp(milliseconds: time),
            entryCount: 0,
            bodyBytes: 0,
            entriesRoot: MerkleTree.emptyRoot,
            historyRoot: MerkleTree.emptyRoot
        )
        guard let draft else { return }
        #expect(draft.time > parent.header.time && draft.time < HeaderRules.timeLimit)
    }

    private func stored(
        height: UInt32,
        time: UInt64,
        idle: UInt64,
        work: Work = Work(rawValue: 1_000)
    ) -> ValidHeader {
        var header = Self.network.genesis
        header.height = Height(height)
        header.time = Timestamp(milliseconds: time)
        header.idle = idle
        header.chainWork = work
        return ValidHeader(stored: header, hash: header.hash)
    }
}
