import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The end of a meeting") struct ClosingRuleTests {
    static let network = TestNetwork.make(expiry: 1_000_000, undoWindow: 100)
    let ledger = Ledger(on: network)
    var host = TestAuthor("host", on: network)
    var guest = TestAuthor("guest", on: network)

    @Test("by a close lets nothing follow, not even in the same block")
    mutating func close() throws {
        let meeting = ledger.takes(host.open(), at: 5)
        ledger.takes(guest.message("hello", in: meeting), at: 6)
        let close = ledger.takes(host.close(meeting), at: 7)
        let state = try ledger.meeting(meeting)
        #expect(state.closeHeight == Height(7) && state.close == close)
        for height in [7, 8, 1_000] as [UInt32] {
            ledger.refuses(
                guest.trying { $0.message("late", in: meeting) },
                as: .meetingClosed,
                at: height
            )
            ledger.refuses(host.trying { $0.close(meeting) }, as: .meetingClosed)
            ledger.refuses(host.trying { $0.revoke(in: meeting) }, as: .meetingClosed)
            ledger.refuses(host.trying { $0.message("late", in: meeting) }, as: .meetingClosed)
            ledger.refuses(guest.trying { $0.close(meeting) }, as: .meetingClosed)
        }
    }

    @Test("by lifetime comes after the last open height", arguments: [1, 2, 90] as [UInt32])
    mutating func lifetime(lifetime: UInt32) {
        let meeting = ledger.takes(host.open(lifetime: lifetime), at: 5)
        ledger.takes(guest.message("first", in: meeting), at: 5)
        ledger.takes(guest.message("last", in: meeting), at: 5 + lifetime)
        ledger.refuses(
            guest.trying { $0.message("late", in: meeting) },
            as: .meetingClosed,
            at: 6 + lifetime
        )
        ledger.refuses(host.trying { $0.close(meeting) }, as: .meetingClosed)
    }

    @Test("by lifetime does not run past the last height")
    mutating func largestLifetime() throws {
        let meeting = ledger.takes(host.open(lifetime: .max), at: 5)
        #expect(try ledger.meeting(meeting).lastOpenHeight == 4_294_967_300)
        host.anchorHeight = Height(.max - 1)
        ledger.takes(host.message("last", in: meeting), at: .max)
        var late = TestAuthor("late", on: Self.network)
        late.anchorHeight = Height(.max - 1)
        let other = ledger.takes(late.open(lifetime: 1), at: .max)
        ledger.takes(late.message("last", in: other))
    }

    @Test("never comes by itself without a lifetime")
    mutating func endless() throws {
        let meeting = ledger.takes(host.open(), at: 5)
        #expect(try ledger.meeting(meeting).lastOpenHeight == nil)
        host.anchorHeight = Height(.max - 1)
        ledger.takes(host.message("hello", in: meeting), at: .max)
    }

    @Test("by a close comes before the lifetime's, and then counts")
    mutating func closeBeforeLifetime() throws {
        let meeting = ledger.takes(host.open(lifetime: 50), at: 5)
        let close = ledger.takes(host.close(meeting), at: 55)
        let state = try ledger.meeting(meeting)
        #expect(state.lastOpenHeight == 55 && state.close == close)
        ledger.takes(host.approve(state.minutes, of: meeting, close: close), at: 155)
    }

    @Test("is the host's to approve without any entry before")
    mutating func hostApproves() throws {
        let meeting = ledger.takes(host.open(lifetime: 3), at: 5)
        let minutes = try ledger.meeting(meeting).minutes
        #expect(minutes.count == 1)
        ledger.takes(host.approve(minutes, of: meeting), at: 9)
        #expect(ledger.author(host.key, in: meeting).hasApproved)
        #expect(ledger.author(host.key, in: meeting).nextSequence == 1)
    }

    @Test("is needed before an approval, and may come in the same block")
    mutating func approveOpen() throws {
        let meeting = ledger.takes(host.open(), at: 5)
        let early = try ledger.meeting(meeting).minutes
        ledger.refuses(host.trying { $0.approve(early, of: meeting) }, as: .meetingStillOpen)
        let close = ledger.takes(host.close(meeting), at: 9)
        let minutes = try ledger.meeting(meeting).minutes
        ledger.takes(host.approve(minutes, of: meeting, close: close), at: 9)
    }

    @Test("by lifetime is needed before an approval", arguments: [5, 6, 7, 8] as [UInt32])
    mutating func approveLifetime(height: UInt32) throws {
        let meeting = ledger.takes(host.open(lifetime: 3), at: 5)
        let minutes = try ledger.meeting(meeting).minutes
        ledger.refuses(
            host.trying { $0.approve(minutes, of: meeting) },
            as: .meetingStillOpen,
            at: height
        )
        ledger.takes(host.approve(minutes, of: meeting), at: 9)
    }

    @Test("is approved within the window after a close", arguments: [true, false])
    mutating func window(byClose: Bool) throws {
        let meeting = ledger.takes(host.open(lifetime: byClose ? 0 : 20), at: 5)
        ledger.takes(guest.message("hello", in: meeting), at: 6)
        let close = byClose ? ledger.takes(host.close(meeting), at: 25) : .zero
        let minutes = try ledger.meeting(meeting).minutes
        let approval = host.approve(minutes, of: meeting, close: close)
        for (height, found) in [(126, 101), (1_000, 975)] as [(UInt32, UInt64)] {
            ledger.refuses(
                approval,
                as: .approvalTooLate(limit: 100, found: found),
                at: height
            )
        }
        ledger.takes(approval, at: 125)
        ledger.takes(guest.approve(minutes, of: meeting, close: close), at: 125)
    }

    @Test("is approved once by each")
    mutating func once() throws {
        let meeting = ledger.takes(host.open(lifetime: 1), at: 5)
        let minutes = try ledger.meeting(meeting).minutes
        ledger.takes(host.approve(minutes, of: meeting), at: 9)
        ledger.refuses(host.trying { $0.approve(minutes, of: meeting) }, as: .alreadyApproved)
    }

    @Test("is approved with its own close, count and root")
    mutating func wrongMinutes() throws {
        let meeting = ledger.takes(host.open(), at: 5)
        let close = ledger.takes(host.close(meeting), at: 6)
        let minutes = try ledger.meeting(meeting).minutes
        for wrong in [
            MinutesDigest(count: 1, root: minutes.root),
            MinutesDigest(count: 3, root: minutes.root),
            MinutesDigest(count: 2, root: .zero),
            MinutesDigest(count: 0, root: MerkleTree.emptyRoot),
        ] {
            ledger.refuses(
                host.trying { $0.approve(wrong, of: meeting, close: close) },
                as: .otherMinutes(expected: minutes)
            )
        }
        for wrong in [Digest.zero, meeting] {
            ledger.refuses(
                host.trying { $0.approve(minutes, of: meeting, close: wrong) },
                as: .otherClose(expected: close)
            )
        }
        let expired = ledger.takes(host.open(lifetime: 1), at: 7)
        let others = try ledger.meeting(expired).minutes
        ledger.refuses(
            host.trying { $0.approve(others, of: expired, close: close) },
            as: .otherClose(expected: .zero),
            at: 9
        )
    }

    @Test("is approved by members alone", arguments: WritingPolicy.allCases)
    mutating func members(writing: WritingPolicy) throws {
        let link = TestKey("link")
        let key = writing == .link ? link.verifyingKey : .zero
        let meeting = ledger.takes(host.open(writing: writing, linkKey: key))
        var revoked = TestAuthor("revoked", on: Self.network)
        if writing == .named {
            ledger.takes(host.admit([guest.key, revoked.key], to: meeting))
        } else {
            let by = writing == .link ? link : nil
            ledger.takes(guest.join(meeting, by: by))
            ledger.takes(revoked.join(meeting, by: by))
        }
        ledger.takes(host.revoke([revoked.key], in: meeting))
        let close = ledger.takes(host.close(meeting))
        let minutes = try ledger.meeting(meeting).minutes
        let stranger = TestAuthor("stranger", on: Self.network)
        ledger.refuses(
            stranger.trying { $0.approve(minutes, of: meeting, close: close) },
            as: .notMember
        )
        ledger.refuses(
            revoked.trying { $0.approve(minutes, of: meeting, close: close) },
            as: .revoked
        )
        // Under named, a member may approve that never said a word.
        ledger.takes(guest.approve(minutes, of: meeting, close: close))
        ledger.takes(host.approve(minutes, of: meeting, close: close))
        #expect(try ledger.meeting(meeting).minutes == minutes)
    }
}
