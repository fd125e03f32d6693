import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

@Suite("The pool") struct MempoolTests {
    /// A network whose stamps have a price, so that entries differ in density.
    static let priced = TestNetwork.make(stampRate: 1, expiry: 8_640, undoWindow: 1_000)

    /// A message with so many times the least work for each byte.
    static func message(
        by author: inout TestAuthor,
        in meeting: Digest,
        density: UInt64,
        bytes: Int = 100
    ) -> Entry {
        let payload = author.salt() + [UInt8](repeating: 1, count: bytes)
        let draft = author.draft(.message, in: meeting, payload: payload)
        let priced = Stamp.pricedBytes(
            payloadByteCount: UInt32(payload.count),
            parameters: author.network.parameters
        )
        let entry = author.sealed(draft, work: density * priced)
        author.count(entry)
        return entry
    }

    /// A bench with one meeting on the chain.
    static func bench(
        on network: Network = priced,
        _ change: (inout NodePolicy) -> Void
    ) throws -> (TestBench, Digest) {
        var policy = TestSwarm.policy
        change(&policy)
        var bench = try TestBench(on: network, policy: policy)
        var host = TestAuthor("host", on: network)
        let open = host.open()
        #expect(try bench.submit(open) == .success(open.id))
        _ = try bench.mine()
        #expect(bench.node.status.pooledEntries == 0)
        return (bench, open.id)
    }

    /// A bench with a meeting on the chain that a message stands in, and its host.
    private static func closing() throws -> (TestBench, host: TestAuthor, Digest) {
        var bench = try TestBench()
        var host = TestAuthor("host", on: bench.network)
        let open = host.open()
        for entry in [open, host.message("x", in: open.id)] {
            #expect(try bench.submit(entry) == .success(entry.id))
        }
        _ = try bench.mine()
        return (bench, host, open.id)
    }

    @Test("refuses an approval of other minutes once the close is recorded")
    func otherMinutes() throws {
        var (bench, host, meeting) = try Self.closing()
        let close = host.close(meeting)
        #expect(try bench.submit(close) == .success(close.id))
        _ = try bench.mine()
        let state = try #require(
            try ChainReader(bench.store, network: bench.network).meeting(meeting)
        )
        let wrong = MinutesDigest(count: state.minutes.count + 1, root: state.minutes.root)
        #expect(
            try bench.submit(host.trying { $0.approve(wrong, of: meeting, close: close.id) })
                == .failure(.context(.otherMinutes(expected: state.minutes)))
        )
        let approve = host.approve(state.minutes, of: meeting, close: close.id)
        #expect(try bench.submit(approve) == .success(approve.id))
        #expect(try bench.mine()?.map(\.id) == [approve.id])
    }

    @Test("lets go of an approval that waits with its close and turns out wrong")
    func wrongApproval() throws {
        var (bench, host, meeting) = try Self.closing()
        let close = host.close(meeting)
        let wrong = host.approve(
            MinutesDigest(count: 1, root: .zero),
            of: meeting,
            close: close.id
        )
        for entry in [close, wrong] {
            #expect(try bench.submit(entry) == .success(entry.id))
        }
        #expect(try bench.mine()?.map(\.id) == [close.id])
        #expect(bench.node.tip.header.height == Height(2))
        _ = try bench.mine()
        #expect(bench.node.tip.header.height == Height(3))
        #expect(bench.node.status.pooledEntries == 0)
        #expect(bench.reports.isEmpty)
    }

    @Test("holds so many entries of one author and no more")
    func authorEntries() throws {
        var (bench, meeting) = try Self.bench { $0.poolEntriesPerAuthor = 5 }
        var author = TestAuthor("a", on: bench.network)
        for _ in 0..<5 {
            let entry = author.message("x", in: meeting)
            #expect(try bench.submit(entry) == .success(entry.id))
        }
        #expect(
            try bench.submit(author.message("x", in: meeting)) == .failure(.authorFull(limit: 5))
        )
        var other = TestAuthor("b", on: bench.network)
        let entry = other.message("x", in: meeting)
        #expect(try bench.submit(entry) == .success(entry.id))
    }

    @Test("holds so many bytes of one author and no more", arguments: [0, 1])
    func authorBytes(lacking: Int) throws {
        var probe = TestAuthor("a", on: Self.priced)
        let sizes = (0..<3).map { _ in probe.message("x", in: .zero).bytes.count }
        let limit = sizes.reduce(0, +) - lacking
        var (bench, meeting) = try Self.bench { $0.poolBytesPerAuthor = limit }
        var author = TestAuthor("a", on: bench.network)
        for number in 0..<3 {
            let answer = try bench.submit(author.message("x", in: meeting))
            #expect((try? answer.get()) != nil || (number == 2 && lacking == 1))
        }
        #expect(bench.node.status.pooledEntries == 3 - lacking)
    }

    @Test("gives one meeting a quarter of its bytes once it is half full")
    func meetingBytes() throws {
        var (bench, meeting) = try Self.bench {
            $0.poolBytes = 40_000
            $0.poolEntriesPerAuthor = 1_000
        }
        var author = TestAuthor("a", on: bench.network)
        var refusal: SubmitRefusal?
        while refusal == nil {
            let entry = Self.message(by: &author, in: meeting, density: 4, bytes: 600)
            if case .failure(let found) = try bench.submit(entry) { refusal = found }
        }
        #expect(refusal == .meetingFull(limit: 10_000))
        #expect(bench.node.status.pooledBytes > 20_000)
        #expect(bench.node.status.pooledBytes < 21_000)
    }

    @Test("drops the lowest densities with what follows them, and asks for more from then on")
    func eviction() throws {
        var (bench, meeting) = try Self.bench { $0.poolEntries = 20 }
        var authors = (0..<11).map { TestAuthor("author \($0)", on: bench.network) }
        for index in 0..<10 {
            let first = Self.message(by: &authors[index], in: meeting, density: UInt64(10 + index))
            #expect(try bench.submit(first) == .success(first.id))
            let next = Self.message(by: &authors[index], in: meeting, density: 50)
            #expect(try bench.submit(next) == .success(next.id))
        }
        #expect(bench.node.status.pooledEntries == 20)
        let low = Self.message(by: &authors[10], in: meeting, density: 10)
        #expect(try bench.submit(low) == .failure(.densityTooLow(minimum: 11, found: 10)))
        authors[10].forget(meeting)
        bench.notices = []
        let high = Self.message(by: &authors[10], in: meeting, density: 40)
        #expect(try bench.submit(high) == .success(high.id))
        let dropped = bench.notices.compactMap { notice -> VerifyingKey? in
            guard case .dropped(let pooled, .evicted) = notice else { return nil }
            return pooled.valid.entry.author
        }
        #expect(dropped == [authors[0].key, authors[0].key])
        #expect(bench.node.status.pooledEntries == 19)
        #expect(bench.node.status.minimumDensity == 12)
        let answer = try bench.submit(Self.message(by: &authors[0], in: meeting, density: 60))
        #expect((try? answer.get()) == nil)
        authors[0].forget(meeting)
        let again = Self.message(by: &authors[0], in: meeting, density: 60)
        #expect(try bench.submit(again) == .success(again.id))
        #expect(try bench.mine()?.count == 20)
        while bench.node.status.tip.header.height < Height(100) { _ = try bench.mine() }
        bench.step(.tick)
        #expect(bench.node.status.minimumDensity == 6)
    }

    @Test("takes a heavier version from twice the work on", arguments: [0, 1])
    func variants(lacking: UInt64) throws {
        var (bench, meeting) = try Self.bench { _ in }
        let author = TestAuthor("a", on: bench.network)
        let draft = author.draft(.message, in: meeting, payload: [UInt8](repeating: 7, count: 40))
        let light = author.sealed(draft)
        let heavy = author.sealed(draft, work: light.stampWork * 2 - lacking)
        #expect(try bench.submit(light) == .success(light.id))
        #expect(try bench.submit(light) == .failure(.pooled(id: light.id)))
        let answer = try bench.submit(heavy)
        #expect(answer == (lacking == 0 ? .success(light.id) : .failure(.pooled(id: light.id))))
        #expect(bench.node.status.pooledEntries == 1)
        let pooled = bench.node.pooled(.entry(light.id)).first?.valid.entry
        #expect(pooled == (lacking == 0 ? heavy : light))
        #expect(try bench.mine()?.map(\.entry) == [lacking == 0 ? heavy : light])
        #expect(try bench.submit(light) == .failure(.recorded))
    }

    @Test("names the entry that has the number already")
    func equivocation() throws {
        var (bench, meeting) = try Self.bench { _ in }
        var author = TestAuthor("a", on: bench.network)
        let other = author.trying { $0.message("other", in: meeting) }
        let first = author.message("first", in: meeting)
        #expect(try bench.submit(first) == .success(first.id))
        #expect(try bench.submit(other) == .failure(.pooled(id: first.id)))
        author.anchorHeight = Height(2)
        let ahead = author.message("ahead", in: meeting)
        #expect(try bench.submit(ahead) == .failure(.anchorAhead(tip: Height(1), found: Height(2))))
    }

    @Test("reports an entry whose window has passed")
    func expiry() throws {
        let network = TestNetwork.make(expiry: 10, undoWindow: 100)
        var bench = try TestBench(on: network)
        var chain = TestChain(on: network)
        var author = TestAuthor("a", on: network)
        let open = author.open()
        chain.grow(by: 9)
        bench.greet(1, tip: chain.tip)
        bench.receive(chain.message(), from: 1)
        #expect(try bench.submit(open) == .success(open.id))
        chain.append()
        bench.receive(chain.message(above: Height(9)), from: 1)
        bench.step(.tick)
        #expect(bench.node.status.pooledEntries == 0)
        #expect(
            bench.notices.contains { notice in
                if case .dropped(let pooled, .expired) = notice {
                    pooled.valid.id == open.id
                } else {
                    false
                }
            }
        )
    }

    @Test("gives every meeting its share of a block")
    func shares() throws {
        var (bench, loud) = try Self.bench {
            $0.softBodyBytes = 40_000
            $0.poolEntriesPerAuthor = 1_000
        }
        var second = TestAuthor("second host", on: bench.network)
        let open = second.open()
        _ = try bench.submit(open)
        _ = try bench.mine()
        var flooder = TestAuthor("flooder", on: bench.network)
        for _ in 0..<40 {
            let entry = Self.message(by: &flooder, in: loud, density: 7, bytes: 2_000)
            #expect((try? bench.submit(entry).get()) != nil)
        }
        var quiet = TestAuthor("quiet", on: bench.network)
        var wanted: [Digest] = []
        for _ in 0..<4 {
            let entry = Self.message(by: &quiet, in: open.id, density: 4, bytes: 2_000)
            #expect(try bench.submit(entry) == .success(entry.id))
            wanted.append(entry.id)
        }
        let template = try #require(try bench.node.template(at: bench.now))
        let ids = template.entries.map(\.id)
        #expect(wanted.allSatisfy { ids.contains($0) })
        #expect(template.header.bodyBytes <= 40_000)
        #expect(template.header.bodyBytes > 37_000)
        let firsts = template.entries.prefix(8).filter { $0.entry.meeting == loud }
        #expect(firsts.map(\.entry.bytes.count).reduce(0, +) <= 10_000)
        var rich = TestAuthor("rich", on: bench.network)
        let entry = Self.message(by: &rich, in: loud, density: 8, bytes: 30_000)
        #expect(try bench.submit(entry) == .success(entry.id))
        let over = try #require(try bench.node.template(at: bench.now))
        #expect(over.entries.contains { $0.id == entry.id })
        #expect(over.header.bodyBytes > 60_000)
    }

    @Test("holds promised entries whose anchors lie above the tip")
    func held() throws {
        var host = TestAuthor("host", on: TestBench.network)
        var guest = TestAuthor("guest", on: TestBench.network)
        host.anchorHeight = Height(2)
        let open = host.open()
        let promised = [guest.message("first", in: open.id), open, host.message("x", in: open.id)]
        var bench = try TestBench(promised: promised)
        for _ in 0..<2 {
            #expect(bench.node.status.pooledEntries == 3)
            #expect(try bench.mine()?.isEmpty == true)
        }
        #expect(try bench.mine()?.count == 3)
        #expect(bench.node.status.pooledEntries == 0)
        let dropped = bench.notices.contains { if case .dropped = $0 { true } else { false } }
        #expect(!dropped)
    }

    @Test("lets go of promised entries that have no place")
    func unheld() throws {
        var host = TestAuthor("host", on: TestBench.network)
        let open = host.open()
        let lost = host.message("lost", in: .zero)
        var bench = try TestBench(promised: [lost, open])
        bench.step(.tick)
        #expect(bench.node.pooled(.all(limit: 9)).map(\.valid.id) == [open.id])
        let kept = try PooledEntries(bench.store, network: bench.network).all()
        #expect(kept == [open])
    }

    @Test("puts promised entries back in batches, and judges nothing by its place before the last")
    func batches() throws {
        var host = TestAuthor("host", on: TestBench.network)
        let open = host.open()
        let promised = [open] + (0..<4).map { host.message("\($0)", in: open.id) }
        var policy = TestSwarm.policy
        policy.restoredAtOnce = 1
        var bench = try TestBench(policy: policy, promised: promised, judgesAtOnce: false)
        var guest = TestAuthor("guest", on: TestBench.network)
        let other = guest.message("from a peer", in: open.id)
        bench.greet(1)
        bench.receive(.inventory([other.leaf]), from: 1)
        bench.step(.tick)
        bench.receive(.entries([other]), from: 1)
        for _ in promised {
            #expect(bench.questions.count { $0.entries != [other] } == 1)
            #expect(try bench.submit(guest.trying { $0.open() }) == .failure(.busy))
            #expect(try bench.node.template(at: bench.now) == nil)
            bench.answerQuestions()
        }
        bench.step(.tick)
        #expect(bench.questions.isEmpty)
        #expect(bench.node.pooled(.all(limit: 9)).map(\.valid.entry) == promised + [other])
        #expect(try PooledEntries(bench.store, network: bench.network).all() == promised)
    }

    @Test("keeps to its limit when a restart brings more, and says what had to go")
    func overfull() throws {
        let network = Self.priced
        var host = TestAuthor("host", on: network)
        let open = host.open()
        var author = TestAuthor("a", on: network)
        let promised = (1...6).map { number in
            Self.message(by: &author, in: open.id, density: UInt64(20 - number))
        }
        var policy = TestSwarm.policy
        policy.poolEntries = 4
        var bench = try TestBench(on: network, policy: policy, promised: [open] + promised)
        bench.step(.tick)
        #expect(bench.node.status.pooledEntries <= 4)
        #expect(bench.node.pooledCount == bench.node.status.pooledEntries)
        let evicted = bench.notices.count {
            if case .dropped(_, .evicted) = $0 { true } else { false }
        }
        #expect(evicted == 7 - bench.node.pooledCount)
        let kept = try PooledEntries(bench.store, network: bench.network).all()
        #expect(kept.count == bench.node.pooledCount)
    }
}
