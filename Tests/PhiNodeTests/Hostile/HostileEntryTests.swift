import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire
import Testing

/// Behaviors 12 to 22: entries, and what is said of them.
@Suite("A node whose peers send bad entries") struct HostileEntryTests {
    static let hostile: PeerHandle = 7

    /// A node that has synchronized, an honest author and a hostile peer.
    static func synced() throws -> (victim: Victim, author: TestAuthor, meeting: Digest) {
        var victim = try Victim(blocks: 3)
        victim.meetHonestPeer()
        #expect(victim.isSynced)
        let open = victim.honest.chain.blocks[1].body.entries[0]
        victim.meet(hostile)
        return (victim, TestAuthor("guest", on: victim.bench.network), open.id)
    }

    /// An entry changed in one place after it was signed.
    static func forged(_ entry: Entry, at offset: Int) throws -> Entry {
        var bytes = entry.bytes
        bytes[offset] ^= 1
        return try Entry(decoding: bytes, payloadLimit: 32_768)
    }

    /// Has a peer announce entries and send them when asked.
    static func deliver(_ entries: [Entry], to victim: inout Victim, from peer: PeerHandle) {
        for message in Message.inventories(of: entries.map(\.leaf)) {
            victim.bench.receive(message, from: peer)
        }
        for case .getEntries(let leaves) in victim.bench.take(.getEntries, to: peer) {
            let asked = entries.filter { leaves.contains($0.leaf) }
            for message in Message.deliveries(of: asked) {
                victim.bench.receive(message, from: peer)
            }
        }
    }

    /// Shows that an honest entry still finds its way through the node.
    static func expectService(
        of victim: inout Victim,
        author: inout TestAuthor,
        meeting: Digest
    ) throws {
        let entry = author.message("still here", in: meeting)
        victim.honest.waiting[entry.leaf] = entry
        victim.bench.receive(.inventory([entry.leaf]), from: Victim.honestHandle)
        victim.wait(5_000)
        #expect(victim.bench.node.pooled(.entry(entry.id)).count == 1)
        victim.honestBlock([entry])
        #expect(victim.isSynced)
        #expect(victim.bench.node.pooled(.entry(entry.id)).isEmpty)
    }

    @Test("12 bears a flood of entries that do not exist")
    func inventoryFlood() throws {
        var (victim, author, meeting) = try Self.synced()
        for round in 0..<20 {
            let leaves = (0..<1_000).map { SHA256.hash(Array("none \(round) \($0)".utf8)) }
            victim.bench.receive(.inventory(leaves), from: Self.hostile)
        }
        let asked = victim.bench.take(.getEntries, to: Self.hostile)
        let count = asked.reduce(0) { sum, message in
            guard case .getEntries(let leaves) = message else { return sum }
            return sum + leaves.count
        }
        #expect(count > 0 && count <= NodePolicy().entriesPerPeer)
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("13 gets an entry elsewhere that its announcer keeps to itself")
    func neverDelivers() throws {
        var (victim, author, meeting) = try Self.synced()
        let entry = author.message("withheld", in: meeting)
        victim.bench.receive(.inventory([entry.leaf]), from: Self.hostile)
        victim.honest.waiting[entry.leaf] = entry
        victim.bench.receive(.inventory([entry.leaf]), from: Victim.honestHandle)
        #expect(victim.bench.take(.getEntries, to: Self.hostile).count == 1)
        victim.wait(3_000)
        #expect(victim.bench.node.pooled(.entry(entry.id)).count == 1)
        victim.honestBlock([entry])
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("14 does not look at entries that it did not ask for")
    func unasked() throws {
        var (victim, author, meeting) = try Self.synced()
        victim.bench.judgesAtOnce = false
        var sender = TestAuthor("sender", on: victim.bench.network)
        for index in 0..<100 {
            let entry = sender.message("\(index)", in: meeting)
            victim.bench.receive(.entries([entry]), from: Self.hostile)
        }
        #expect(victim.bench.questions.isEmpty)
        #expect(victim.bench.node.status.pooledEntries == 0)
        victim.bench.judgesAtOnce = true
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("15 discourages a peer after one of many signatures under one entry")
    func manySignatures() throws {
        var (victim, author, meeting) = try Self.synced()
        let entry = author.trying { $0.message("signed", in: meeting) }
        let forgeries = try (0..<8).map { try Self.forged(entry, at: 208 + $0) }
        Self.deliver(forgeries, to: &victim, from: Self.hostile)
        #expect(victim.misdeed(of: Self.hostile) == .invalidEntry)
        #expect(victim.bench.node.status.pooledEntries == 0)
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("16 keeps one entry of those that differ in their stamps alone")
    func manyStamps() throws {
        var (victim, author, meeting) = try Self.synced()
        let draft = author.draft(.message, in: meeting, payload: author.salt() + [1, 65])
        let least = author.sealed(draft).stampWork
        let entries = (0..<50).map { author.sealed(draft, work: least + UInt64($0)) }
        #expect(Set(entries.map(\.id)).count == 1)
        #expect(Set(entries.map(\.leaf)).count == 50)
        for entry in entries { Self.deliver([entry], to: &victim, from: Self.hostile) }
        #expect(victim.bench.node.status.pooledEntries == 1)
        author.count(entries[0])
        victim.honestBlock([entries[49]])
        #expect(victim.bench.node.status.pooledEntries == 0)
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("17 discourages the sender of a wrong signature")
    func invalidSignature() throws {
        var (victim, author, meeting) = try Self.synced()
        let entry = author.trying { $0.message("unsigned", in: meeting) }
        let other = TestKey("somebody else").sign(Domain.entrySignature + entry.id.bytes)
        let draft = author.draft(.message, in: meeting, payload: author.salt() + [1, 65])
        let forgery = author.sealed(draft, signature: other)
        Self.deliver([forgery], to: &victim, from: Self.hostile)
        #expect(victim.misdeed(of: Self.hostile) == .invalidEntry)
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("18 discourages the sender of a key of small order, under which anything is signed")
    func smallOrderKey() throws {
        let identity = [UInt8(1)] + [UInt8](repeating: 0, count: 31)
        let orderFour = [UInt8](repeating: 0, count: 32)
        for key in [identity, orderFour] {
            var (victim, author, meeting) = try Self.synced()
            var draft = author.draft(.message, in: meeting, payload: author.salt() + [1, 65])
            draft.author = VerifyingKey(reading: key, at: 0)
            let zeroScalar = Signature(reading: key + [UInt8](repeating: 0, count: 32), at: 0)
            try Self.expectBlame(for: draft, zeroScalar, &victim, &author, meeting)
        }
    }

    @Test("19 discourages the sender of a key or signature that is written another way")
    func nonCanonical() throws {
        let beyondField = [UInt8(0xee)] + [UInt8](repeating: 0xff, count: 30) + [0x7f]
        var (victim, author, meeting) = try Self.synced()
        var draft = author.draft(.message, in: meeting, payload: author.salt() + [1, 65])
        draft.author = VerifyingKey(reading: beyondField, at: 0)
        let zeroScalar = Signature(reading: beyondField + [UInt8](repeating: 0, count: 32), at: 0)
        try Self.expectBlame(for: draft, zeroScalar, &victim, &author, meeting)

        (victim, author, meeting) = try Self.synced()
        draft = author.draft(.message, in: meeting, payload: author.salt() + [1, 65])
        let right = author.sealed(draft).signature.bytes
        let sameScalar = Self.withGroupOrderAdded(to: right)
        let renamed = Signature(reading: sameScalar, at: 0)
        try Self.expectBlame(for: draft, renamed, &victim, &author, meeting)
    }

    /// The same signature with its scalar S written as S + L.
    private static func withGroupOrderAdded(to signature: [UInt8]) -> [UInt8] {
        // RFC 8032 section 5.1: L = 2^252 + 27742317777372353535851937790883648493.
        let low: [UInt8] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
            0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        ]
        let order = low + [UInt8](repeating: 0, count: 15) + [0x10]
        var bytes = signature
        var carry = 0
        for place in 0..<32 {
            let sum = Int(bytes[32 + place]) + Int(order[place]) + carry
            bytes[32 + place] = UInt8(sum % 256)
            carry = sum / 256
        }
        return bytes
    }

    private static func expectBlame(
        for draft: EntryDraft,
        _ signature: Signature,
        _ victim: inout Victim,
        _ author: inout TestAuthor,
        _ meeting: Digest
    ) throws {
        let entry = author.sealed(draft, signature: signature)
        deliver([entry], to: &victim, from: hostile)
        #expect(victim.misdeed(of: hostile) == .invalidEntry)
        #expect(victim.bench.node.status.pooledEntries == 0)
        try expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("20 discourages the sender of a stamp below the floor")
    func lowStamp() throws {
        let network = TestNetwork.make(stampRate: 4, expiry: 8_640, undoWindow: 1_000)
        var victim = try Victim(blocks: 3, on: network)
        victim.meetHonestPeer()
        #expect(victim.isSynced)
        victim.meet(Self.hostile)
        var author = TestAuthor("guest", on: network)
        let meeting = victim.honest.chain.blocks[1].body.entries[0].id
        let draft = author.draft(.message, in: meeting, payload: author.salt() + [1, 65])
        let right = author.sealed(draft)
        let low = author.sealed(draft, work: right.stampWork - 1)
        Self.deliver([low], to: &victim, from: Self.hostile)
        #expect(victim.misdeed(of: Self.hostile) == .invalidEntry)
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("21 keeps few entries that wait for a beginning which never comes")
    func orphanChains() throws {
        var (victim, author, meeting) = try Self.synced()
        for index in 0..<400 {
            var stranger = TestAuthor("stranger \(index)", on: victim.bench.network)
            _ = stranger.message("never sent", in: meeting)
            let orphan = stranger.message("second", in: meeting)
            Self.deliver([orphan], to: &victim, from: Self.hostile)
        }
        #expect(victim.bench.node.status.pooledEntries == 0)
        var late = TestAuthor("late", on: victim.bench.network)
        let first = late.message("first", in: meeting)
        let second = late.message("second", in: meeting)
        for entry in [first, second] { victim.honest.waiting[entry.leaf] = entry }
        victim.bench.receive(.inventory([second.leaf]), from: Victim.honestHandle)
        victim.wait(2_000)
        victim.bench.receive(.inventory([first.leaf]), from: Victim.honestHandle)
        victim.wait(2_000)
        #expect(victim.bench.node.status.pooledEntries == 2)
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }

    @Test("22 keeps one of two entries with one number, and follows the chain's choice")
    func equivocation() throws {
        var (victim, author, meeting) = try Self.synced()
        var sender = TestAuthor("two faces", on: victim.bench.network)
        let one = sender.trying { $0.message("one", in: meeting) }
        let two = sender.trying { $0.message("two", in: meeting) }
        #expect(one.id != two.id)
        Self.deliver([one], to: &victim, from: Self.hostile)
        Self.deliver([two], to: &victim, from: Self.hostile)
        #expect(victim.bench.node.status.pooledEntries == 1)
        sender.count(two)
        victim.honestBlock([two])
        #expect(victim.isSynced)
        #expect(victim.bench.node.status.pooledEntries == 0)
        try Self.expectService(of: &victim, author: &author, meeting: meeting)
    }
}
