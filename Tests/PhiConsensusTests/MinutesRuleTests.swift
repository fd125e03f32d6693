import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The minutes of a meeting") struct MinutesRuleTests {
    static let network = TestNetwork.make(expiry: 1_000)

    @Test("are the tree over its open and all its entries in order", arguments: 0...17)
    func root(count: Int) throws {
        let ledger = Ledger(on: Self.network)
        var host = TestAuthor("host", on: Self.network)
        var guest = TestAuthor("guest", on: Self.network)
        let open = host.open()
        let meeting = ledger.takes(open, at: 1)
        var leaves = [MerkleTree.leaf(open.envelope)]
        for index in 0..<count {
            let entry =
                index.isMultiple(of: 3)
                ? host.message("host \(index)", in: meeting)
                : guest.message("guest \(index)", in: meeting)
            ledger.takes(entry, at: UInt32(1 + index / 2))
            leaves.append(MerkleTree.leaf(entry.envelope))
            #expect(try ledger.meeting(meeting).minutes == digest(leaves))
        }
        let close = host.close(meeting)
        ledger.takes(close)
        leaves.append(MerkleTree.leaf(close.envelope))
        let minutes = try ledger.meeting(meeting).minutes
        #expect(minutes == digest(leaves))
        ledger.takes(host.approve(minutes, of: meeting, close: close.id))
        #expect(try ledger.meeting(meeting).minutes == minutes)
    }

    @Test("cover signature and stamp, so that a new stamp gives others")
    func stamps() throws {
        var host = TestAuthor("host", on: Self.network)
        let open = host.open()
        let message = host.message("hello", in: open.id)
        var digests: Set<MinutesDigest> = []
        let works: [UInt64] = [message.stampWork, message.stampWork + 1, message.stampWork * 2]
        for work in works {
            let nonce = try #require(Stamp.search(id: message.id, work: work, in: 0..<100_000))
            let ledger = Ledger(on: Self.network)
            ledger.takes(open)
            ledger.takes(message.restamped(work: work, nonce: nonce))
            digests.insert(try ledger.meeting(open.id).minutes)
        }
        #expect(digests.count == works.count)
    }

    @Test("hold every kind that changes the meeting, and no refused entry")
    func kinds() throws {
        let ledger = Ledger(on: Self.network)
        let link = TestKey("link")
        var host = TestAuthor("host", on: Self.network)
        var guest = TestAuthor("guest", on: Self.network)
        let open = host.open(writing: .link, linkKey: link.verifyingKey, lifetime: 10)
        ledger.takes(open, at: 1)
        let entries = [
            guest.join(open.id, by: link),
            guest.message("hello", in: open.id),
            host.revoke([guest.key], in: open.id),
        ]
        for entry in entries { ledger.takes(entry) }
        ledger.refuses(guest.message("refused", in: open.id), as: .revoked)
        let expected = digest(([open] + entries).map { MerkleTree.leaf($0.envelope) })
        #expect(try ledger.meeting(open.id).minutes == expected)
        ledger.takes(host.approve(expected, of: open.id), at: 12)
    }

    @Test("do not grow in a pool's state, which takes any in the block of the close")
    func pool() throws {
        var host = TestAuthor("host", on: Self.network)
        var state = LedgerState(
            over: StateTable(),
            parameters: Self.network.parameters,
            keepsRecords: false
        )
        let open = host.open()
        let close = host.close(open.id)
        let wrong = MinutesDigest(count: 99, root: .zero)
        let approve = host.approve(wrong, of: open.id, close: close.id)
        for entry in [open, close, approve] {
            try state.apply(ValidEntry(judging: entry, on: Self.network), at: Height(1))
        }
        let meeting = try #require(state.changedMeetings.first?.record.current)
        #expect(meeting.record == MerkleFrontier())
        #expect(meeting.close == close.id)
    }

    private func digest(_ leaves: [Digest]) -> MinutesDigest {
        MinutesDigest(count: UInt64(leaves.count), root: MerkleTree.root(ofLeaves: leaves))
    }
}
