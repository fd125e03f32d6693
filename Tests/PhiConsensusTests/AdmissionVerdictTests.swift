import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("The verdict on an admission") struct AdmissionVerdictTests {
    static let network = TestNetwork.make(expiry: 12, undoWindow: 10)
    let first = TestKey("first link")
    let second = TestKey("second link")
    var host = TestAuthor("host", on: network)
    var guest = TestAuthor("guest", on: network)
    var state = LedgerState(over: StateTable(), parameters: network.parameters)
    let meeting: Digest

    init() throws {
        let open = host.open(writing: .link, linkKey: first.verifyingKey)
        meeting = open.id
        try state.apply(Self.valid(open), at: Height(1))
    }

    private static func valid(_ entry: Entry) throws(EntryViolation) -> ValidEntry {
        try ValidEntry(judging: entry, on: network)
    }

    @Test("is found once, and is known with the entry from then on")
    mutating func once() throws {
        let join = try Self.valid(guest.join(meeting, by: first))
        #expect(join.admissionVerdict == .unasked)
        var (one, other) = (state, state)
        let known = try one.apply(join, at: Height(1))
        #expect(known.admissionVerdict == .signed(by: first.verifyingKey))
        #expect(one.admissionChecks == 1)
        #expect(try other.apply(known, at: Height(1)) == join)
        #expect(other.admissionChecks == 0)
    }

    @Test("is asked anew of another key, whatever the one before said")
    mutating func keyChange() throws {
        var early = try Self.valid(guest.trying { $0.join(meeting, by: first) })
        var late = try Self.valid(guest.trying { $0.join(meeting, by: second) })
        early.judgeAdmission(by: first.verifyingKey)
        late.judgeAdmission(by: first.verifyingKey)
        #expect(late.admissionVerdict == .refused(by: first.verifyingKey, .mismatch))
        try state.apply(
            Self.valid(host.revoke(in: meeting, linkKey: second.verifyingKey)),
            at: Height(1)
        )
        var now = state
        #expect(refusal(of: early, by: &now) == .admission(.mismatch))
        #expect(refusal(of: late, by: &now) == nil)
        #expect(now.admissionChecks == 2)
        try state.apply(Self.valid(host.revoke(in: meeting)), at: Height(1))
        late.judgeAdmission(by: second.verifyingKey)
        #expect(refusal(of: late, by: &state) == .linkClosed)
        #expect(state.admissionChecks == 0)
    }

    @Test("refuses again without another check")
    mutating func refused() throws {
        let zeros = Signature(reading: [UInt8](repeating: 0, count: 64), at: 0)
        let cases: [(Entry, SignatureFailure)] = [
            (guest.trying { $0.join(meeting, by: second) }, .mismatch),
            (join(zeros), .smallOrderNonce),
            (join(first.admission(of: host.key, to: meeting)), .mismatch),
            (join(first.admission(of: guest.key, to: SHA256.hash([1]))), .mismatch),
        ]
        for (entry, failure) in cases {
            var valid = try Self.valid(entry)
            valid.judgeAdmission(by: first.verifyingKey)
            #expect(valid.admissionVerdict == .refused(by: first.verifyingKey, failure))
            for _ in 0..<2 { #expect(refusal(of: valid, by: &state) == .admission(failure)) }
        }
        #expect(state.admissionChecks == 0)
    }

    @Test("is of no entry but a join")
    mutating func others() throws {
        for entry in [host.message("x", in: meeting), host.revoke(in: meeting)] {
            var valid = try Self.valid(entry)
            valid.judgeAdmission(by: first.verifyingKey)
            #expect(valid.admissionVerdict == .unasked)
        }
        var anywhere = try Self.valid(host.open())
        let open = anywhere
        anywhere.judgeAdmission(by: first.verifyingKey)
        #expect(anywhere.admissionVerdict == .unasked)
        try state.apply(open, at: Height(1))
        let join = try Self.valid(guest.join(open.id))
        #expect(try state.apply(join, at: Height(1)).admissionVerdict == .unasked)
    }

    /// Every entry of a history is judged by a state that knows nothing, by one that was told the
    /// verdicts of chance keys, and by one that learned from an earlier judgement.
    @Test("changes nothing in how a history is judged", arguments: 1...6 as ClosedRange<UInt64>)
    mutating func histories(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let links = [first, second, TestKey("third link")]
        let open = host.open(writing: .link)
        try state.apply(Self.valid(open), at: Height(1))
        let meetings = [meeting, open.id]
        var (told, learned) = (state, state)
        var taken = 0
        for number in 0..<200 {
            let link = links[Int(random.next() % 3)]
            let meeting = meetings[Int(random.next() % 2)]
            let entry: Entry
            if random.next() % 6 == 0 {
                let key = random.next() % 4 == 0 ? .zero : link.verifyingKey
                entry = host.revoke(in: meeting, linkKey: key)
            } else {
                var author = TestAuthor("guest \(number)", on: Self.network)
                entry = author.join(meeting, by: random.next() % 8 == 0 ? nil : link)
            }
            let valid = try Self.valid(entry)
            var asked = valid
            for _ in 0..<random.next() % 3 {
                asked.judgeAdmission(by: links[Int(random.next() % 3)].verifyingKey)
            }
            var trial = learned
            let known = (try? trial.apply(valid, at: Height(1))) ?? valid
            let expected = refusal(of: valid, by: &state)
            #expect(refusal(of: asked, by: &told) == expected)
            #expect(refusal(of: known, by: &learned) == expected)
            if expected == nil { taken += 1 }
        }
        // Else the histories would say little.
        #expect((20...180).contains(taken))
        #expect(state.admissionChecks > told.admissionChecks)
        #expect(told.admissionChecks > 0)
        #expect(state.admissionChecks > learned.admissionChecks)
        let tables = [state, told, learned].map { state in
            var table = StateTable()
            table.absorb(state)
            return table
        }
        #expect(tables[0] == tables[1])
        #expect(tables[0] == tables[2])
    }

    @Test("takes no more room in an entry than a reference")
    func room() {
        #expect(MemoryLayout<AdmissionVerdict>.size == MemoryLayout<UInt>.size)
    }

    private func refusal(
        of valid: ValidEntry,
        by state: inout LedgerState<StateTable>
    ) -> ContextViolation? {
        do {
            try state.apply(valid, at: Height(1))
            return nil
        } catch {
            switch error {
            case .violation(let violation): return violation
            }
        }
    }

    private func join(_ signature: Signature) -> Entry {
        guest.trying { author in
            let admission = Admission(
                salt: author.salt(),
                signature: signature,
                agreementKey: .zero
            )
            return author.make(.join, in: meeting, payload: admission.encoded)
        }
    }
}
