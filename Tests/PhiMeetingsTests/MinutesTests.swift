import PhiCrypto
import PhiLedger
import Testing

@testable import PhiMeetings

@Suite("Minutes") struct MinutesTests {
    /// A meeting by link: `open`, a guest joins, both speak, `close`; then both approve.
    struct Meeting {
        var laboratory: Laboratory
        var records: [Entry] = []
        var approvals: [Entry] = []
        let meeting: Digest
        let digest: MinutesDigest

        init(closes: Bool = true, lifetime: UInt32 = 0) throws {
            laboratory = try Laboratory()
            let builder = laboratory.builder
            let host = try Laboratory.key(1)
            let guest = try Laboratory.key(2)
            let secret = try Laboratory.secret(1)
            let plan = MeetingPlan(
                title: "Board",
                reading: .everyone,
                writing: .link,
                lifetime: lifetime,
                secret: secret
            )
            let open = try builder.open(plan, salt: Laboratory.salt(0), key: host)
            meeting = open.id
            let join = try builder.join(
                meeting,
                with: secret,
                agreementKey: nil,
                salt: Laboratory.salt(1),
                key: guest
            )
            var signed = [open, join]
            var heads = [AuthorHead.first, join.head]
            for number in 0..<4 {
                let side = number % 2
                let message = try builder.message(
                    .text("message \(number)"),
                    to: meeting,
                    in: nil,
                    salt: Laboratory.salt(10 + number),
                    head: heads[side],
                    key: Laboratory.key(side + 1)
                )
                heads[side] = message.head
                signed.append(message)
            }
            var close = Digest.zero
            if closes {
                let last = try builder.close(
                    meeting,
                    salt: Laboratory.salt(2),
                    head: heads[0],
                    key: host
                )
                heads[0] = last.head
                close = last.id
                signed.append(last)
            }
            for entry in signed { records.append(try laboratory.stamped(entry)) }
            digest = MinutesDigest(
                count: UInt64(records.count),
                root: MerkleTree.root(ofLeaves: records.map(\.leaf))
            )
            for side in 0...1 { try approve(side, close: close, head: heads[side]) }
        }

        private mutating func approve(_ side: Int, close: Digest, head: AuthorHead) throws {
            let approve = try laboratory.builder.approve(
                digest,
                endedBy: close,
                of: meeting,
                salt: Laboratory.salt(20 + side),
                head: head,
                key: Laboratory.key(side + 1)
            )
            approvals.append(try laboratory.stamped(approve))
        }

        var lines: [MinutesLine] {
            records.map { .record(MinutesRecord($0)) }
                + approvals.map { .approval(MinutesRecord($0)) }
        }

        mutating func receipt(of entry: Entry) throws -> String {
            try laboratory.append([entry])
            let height = laboratory.headers.count - 1
            return Receipt(
                parameters: laboratory.network.parameters,
                genesis: laboratory.headers[0],
                entry: entry,
                includesPayload: true,
                header: laboratory.headers[height],
                index: 0,
                proof: []
            ).text
        }
    }

    @Test("that are whole show who approved, and that nothing is missing")
    func whole() throws {
        var meeting = try Meeting()
        let receipt = try meeting.receipt(of: meeting.approvals[0])
        let verdict = try MinutesVerifier.verify(meeting.lines + [.receipt(receipt)])
        #expect(verdict.meeting == meeting.meeting)
        #expect(verdict.digest == meeting.digest)
        #expect(verdict.close == meeting.records[6].id)
        #expect(verdict.approvedBy == meeting.approvals.map(\.author).sorted())
        #expect(verdict.host == meeting.records[0].author)
        #expect(verdict.isProvedComplete)
        #expect(verdict.erasedCount == 0)
    }

    @Test("of a meeting that its lifetime ended name no close")
    func lifetime() throws {
        let meeting = try Meeting(closes: false, lifetime: 10)
        let verdict = try MinutesVerifier.verify(meeting.lines)
        #expect(verdict.close.isZero)
        #expect(!verdict.isProvedComplete)
    }

    @Test("stay valid when messages are erased, and only messages can be")
    func erased() throws {
        let meeting = try Meeting()
        for (index, entry) in meeting.records.enumerated() {
            var lines = meeting.lines
            lines[index] = .record(MinutesRecord(entry).erased)
            if entry.kind == .message {
                #expect(try MinutesVerifier.verify(lines).erasedCount == 1)
            } else {
                let failure = MinutesFailure.controlPayloadErased(index: UInt64(index))
                #expect(throws: failure) { try MinutesVerifier.verify(lines) }
            }
        }
    }

    @Test("are refused when a record is missing, moved, doubled or changed")
    func changedRecords() throws {
        let meeting = try Meeting()
        for index in meeting.records.indices {
            var missing = meeting.lines
            let line = missing.remove(at: index)
            #expect(throws: MinutesFailure.self) { try MinutesVerifier.verify(missing) }
            var doubled = meeting.lines
            doubled.insert(line, at: index)
            #expect(throws: MinutesFailure.self) { try MinutesVerifier.verify(doubled) }
            for place in [9, 45, 80, 105, 120, 170, 180, 210, 270, 280, 290] {
                var bytes = meeting.records[index].bytes
                bytes[place] ^= 1
                let record = MinutesRecord(
                    envelope: Array(bytes[..<284]),
                    payload: Array(bytes[284...])
                )
                var changed = meeting.lines
                changed[index] = .record(try required(record))
                #expect(throws: MinutesFailure.self) { try MinutesVerifier.verify(changed) }
            }
        }
        var swapped = meeting.lines
        swapped.swapAt(2, 3)
        #expect(throws: MinutesFailure.self) { try MinutesVerifier.verify(swapped) }
    }

    @Test("are refused with the rule that the order of lines breaks")
    func order() throws {
        let meeting = try Meeting()
        let lines = meeting.lines
        #expect(throws: MinutesFailure.empty) { try MinutesVerifier.verify([]) }
        #expect(throws: MinutesFailure.notEnded) {
            try MinutesVerifier.verify(Array(lines[..<3]))
        }
        #expect(throws: MinutesFailure.misplacedOpen(index: 0)) {
            try MinutesVerifier.verify(Array(lines[1...]))
        }
        #expect(throws: MinutesFailure.misplacedOpen(index: 1)) {
            try MinutesVerifier.verify([lines[0], lines[0]])
        }
        #expect(throws: MinutesFailure.afterClose(index: 7)) {
            try MinutesVerifier.verify(Array(lines[...6]) + [lines[5]])
        }
        #expect(throws: MinutesFailure.recordTooLate) {
            try MinutesVerifier.verify(lines + [lines[5]])
        }
        let approval = MinutesLine.record(MinutesRecord(meeting.approvals[1]))
        #expect(throws: MinutesFailure.approvalAsRecord(index: 6)) {
            try MinutesVerifier.verify(Array(lines[..<6]) + [approval])
        }
    }

    @Test("are refused when an author was not let in")
    func notAllowed() throws {
        let meeting = try Meeting()
        let stranger = try meeting.laboratory.builder.message(
            .text("me too"),
            to: meeting.meeting,
            in: nil,
            salt: Laboratory.salt(30),
            head: .first,
            key: Laboratory.key(3)
        )
        var lines = meeting.lines
        lines.insert(.record(MinutesRecord(try meeting.laboratory.stamped(stranger))), at: 3)
        #expect(throws: MinutesFailure.notAllowed(index: 3)) { try MinutesVerifier.verify(lines) }
        let close = try meeting.laboratory.builder.close(
            meeting.meeting,
            salt: Laboratory.salt(31),
            head: AuthorHead(sequence: 1, previous: meeting.records[1].id),
            key: Laboratory.key(2)
        )
        lines[3] = .record(MinutesRecord(try meeting.laboratory.stamped(close)))
        lines.remove(at: 2)
        lines.insert(lines[2], at: 2)
        #expect(throws: MinutesFailure.notAllowed(index: 2)) { try MinutesVerifier.verify(lines) }
    }

    @Test("are refused with an approval that does not count")
    func approvals() throws {
        let meeting = try Meeting()
        let other = try Meeting(closes: false, lifetime: 10)
        let records = Array(meeting.lines[..<7])
        func failure(_ approval: MinutesRecord) throws -> ApprovalFailure? {
            do {
                _ = try MinutesVerifier.verify(records + [.approval(approval)])
                return nil
            } catch .approval(_, let failure) {
                return failure
            }
        }
        func approval(_ key: Int, _ digest: MinutesDigest, _ of: Digest) throws -> MinutesRecord {
            let signed = try meeting.laboratory.builder.approve(
                digest,
                endedBy: meeting.records[6].id,
                of: of,
                salt: Laboratory.salt(40),
                head: .first,
                key: Laboratory.key(key)
            )
            return MinutesRecord(try meeting.laboratory.stamped(signed))
        }
        let wrong = MinutesDigest(count: 8, root: meeting.digest.root)
        let good = MinutesRecord(meeting.approvals[0])
        #expect(try failure(good) == nil)
        #expect(try failure(good.erased) == .notApproval)
        #expect(try failure(MinutesRecord(meeting.records[2])) == .notApproval)
        #expect(try failure(approval(1, meeting.digest, .zero)) == .otherMeeting)
        #expect(try failure(MinutesRecord(other.approvals[0])) == .otherMeeting)
        #expect(try failure(approval(3, meeting.digest, meeting.meeting)) == .notMember)
        #expect(
            try failure(approval(1, wrong, meeting.meeting))
                == .otherDigest(expected: meeting.digest, found: wrong)
        )
        var envelope = good.envelope
        envelope[205] ^= 1
        let forged = try required(MinutesRecord(envelope: envelope, payload: good.payload))
        #expect(try caseName(required(failure(forged))) == "signature")
        #expect(throws: MinutesFailure.approval(index: 1, .repeated)) {
            try MinutesVerifier.verify(records + [.approval(good), .approval(good)])
        }
    }

    @Test("are refused with a receipt that is not that of an approval")
    func receipts() throws {
        var meeting = try Meeting()
        let ofMessage = try meeting.receipt(of: meeting.records[2])
        #expect(throws: MinutesFailure.receiptOfOther(index: 0, .notApproval)) {
            try MinutesVerifier.verify(meeting.lines + [.receipt(ofMessage)])
        }
        #expect(throws: MinutesFailure.receipt(index: 0, .otherTitle)) {
            try MinutesVerifier.verify(meeting.lines + [.receipt("")])
        }
    }

    @Test("are refused with a receipt of an approval of other minutes")
    func otherReceipt() throws {
        var meeting = try Meeting()
        let shorter = Array(meeting.records[...4]) + [meeting.records[6]]
        let digest = MinutesDigest(count: 6, root: MerkleTree.root(ofLeaves: shorter.map(\.leaf)))
        let signed = try meeting.laboratory.builder.approve(
            digest,
            endedBy: meeting.records[6].id,
            of: meeting.meeting,
            salt: Laboratory.salt(40),
            head: .first,
            key: Laboratory.key(1)
        )
        let receipt = try meeting.receipt(of: meeting.laboratory.stamped(signed))
        let failure = ApprovalFailure.otherDigest(expected: meeting.digest, found: digest)
        #expect(throws: MinutesFailure.receiptOfOther(index: 0, failure)) {
            try MinutesVerifier.verify(meeting.lines + [.receipt(receipt)])
        }
    }

    @Test("follow who was named and who was revoked", arguments: [false, true])
    func named(revokes: Bool) throws {
        let laboratory = try Laboratory()
        let builder = laboratory.builder
        let host = try Laboratory.key(1)
        let guest = try Laboratory.key(2)
        let plan = MeetingPlan(title: "", reading: .everyone, writing: .named, secret: nil)
        let open = try builder.open(plan, salt: Laboratory.salt(0), key: host)
        let admit = try builder.admit(
            [guest.verifyingKey],
            to: open.id,
            salt: Laboratory.salt(1),
            head: .first,
            key: host
        )
        let change = MeetingChange(
            revoked: revokes ? [guest.verifyingKey] : [],
            linkKey: .zero,
            readCheck: .zero
        )
        let revoke = try builder.revoke(
            change,
            in: open.id,
            salt: Laboratory.salt(2),
            head: admit.head,
            key: host
        )
        let message = try builder.message(
            .text("hello"),
            to: open.id,
            in: nil,
            salt: Laboratory.salt(3),
            head: .first,
            key: guest
        )
        let close = try builder.close(
            open.id,
            salt: Laboratory.salt(4),
            head: revoke.head,
            key: host
        )
        func lines(_ entries: [SignedEntry]) throws -> [MinutesLine] {
            try entries.map { .record(MinutesRecord(try laboratory.stamped($0))) }
        }
        let whole = try lines([open, admit, revoke, message, close])
        if revokes {
            #expect(throws: MinutesFailure.notAllowed(index: 3)) {
                try MinutesVerifier.verify(whole)
            }
        } else {
            #expect(try MinutesVerifier.verify(whole).digest.count == 5)
        }
        #expect(throws: MinutesFailure.notAllowed(index: 1)) {
            try MinutesVerifier.verify(lines([open, message, admit, revoke, close]))
        }
    }
}
