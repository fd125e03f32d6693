import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A node record is judged") struct NodeRecordCheckTests {
    private let minute: UInt64 = 60_000

    private func check(
        _ draft: NodeRecordDraft,
        now: Timestamp = Sample.now,
        from peer: PeerAddress? = Sample.peer,
        isLocalNetwork: Bool = false
    ) -> NodeRecordFailure? {
        do {
            let key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
            let record = try draft.signed(by: key, chain: Sample.chain)
            do throws(NodeRecordFailure) {
                try record.check(
                    chain: Sample.chain,
                    now: now,
                    receivedFrom: peer,
                    isLocalNetwork: isLocalNetwork
                )
                return nil
            } catch { return error }
        } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test("and accepted when it keeps all rules") func accepted() {
        #expect(check(Sample.draft()) == nil)
        #expect(check(Sample.draft(), from: nil) == nil)
        #expect(check(Sample.draft(), isLocalNetwork: true) == nil)
    }

    @Test("by its range of versions", arguments: [(0, 1), (0, 0), (2, 1), (1, 0)])
    func protocolRange(minimum: UInt8, maximum: UInt8) {
        var draft = Sample.draft()
        draft.minimumProtocol = minimum
        draft.maximumProtocol = maximum
        #expect(check(draft) == .protocolRange(minimum: minimum, maximum: maximum))
    }

    @Test("by its range of versions, which may reach past this one") func laterProtocol() {
        var draft = Sample.draft()
        draft.maximumProtocol = 255
        #expect(check(draft) == nil)
        draft.minimumProtocol = 255
        #expect(check(draft) == nil)
    }

    @Test("by its time of signing, ten minutes ahead at most") func future() {
        var draft = Sample.draft()
        let latest = Sample.now.adding(milliseconds: 10 * minute)
        draft.signedAt = latest
        #expect(check(draft) == nil)
        draft.signedAt = latest.adding(milliseconds: 1)
        #expect(check(draft) == .fromTheFuture(signed: draft.signedAt, latest: latest))
    }

    @Test("by its end, which must lie ahead") func ended() {
        let draft = Sample.draft()
        let end = Timestamp(milliseconds: UInt64(draft.endMinute) * minute)
        let before = Timestamp(milliseconds: end.milliseconds - 1)
        #expect(check(draft, now: before) == nil)
        #expect(check(draft, now: end) == .ended(end: end, now: end))
    }

    @Test("by its length, 48 hours at most after its signing") func lengthAfterSigning() {
        var draft = Sample.draft()
        draft.signedAt = Timestamp(milliseconds: 28_333_000 * minute)
        let now = draft.signedAt.adding(milliseconds: 30 * minute)
        draft.endMinute = 28_333_000 + 48 * 60
        #expect(check(draft, now: now) == nil)
        draft.endMinute += 1
        let end = Timestamp(milliseconds: UInt64(draft.endMinute) * minute)
        let latest = Timestamp(milliseconds: end.milliseconds - minute)
        #expect(check(draft, now: now) == .lastsTooLong(end: end, latest: latest))
    }

    @Test("by its length, 48 hours at most from now") func lengthFromNow() {
        var draft = Sample.draft()
        let now = Timestamp(milliseconds: 28_333_000 * minute)
        draft.signedAt = now.adding(milliseconds: 5 * minute)
        draft.endMinute = 28_333_000 + 48 * 60
        #expect(check(draft, now: now) == nil)
        draft.endMinute += 1
        let latest = now.adding(milliseconds: 48 * 60 * minute)
        let end = latest.adding(milliseconds: minute)
        #expect(check(draft, now: now) == .lastsTooLong(end: end, latest: latest))
    }

    @Test("by each of its addresses") func addresses() {
        let cases: [(String, (PeerAddress) -> NodeRecordFailure)] = [
            ("0.0.0.0:7181", { .unspecifiedAddress($0) }),
            ("0.255.255.255:7181", { .unspecifiedAddress($0) }),
            ("[::]:7181", { .unspecifiedAddress($0) }),
            ("224.0.0.1:7181", { .multicastAddress($0) }),
            ("[ff02::1]:7181", { .multicastAddress($0) }),
            ("255.255.255.255:7181", { .broadcastAddress($0) }),
            ("203.0.113.9:0", { .missingPort($0) }),
            ("127.0.0.1:7181", { .localAddress($0) }),
            ("[::1]:7181", { .localAddress($0) }),
            ("10.1.2.3:7181", { .localAddress($0) }),
            ("[fd00::1]:7181", { .localAddress($0) }),
        ]
        for (text, failure) in cases {
            guard let address = PeerAddress(text) else {
                Issue.record("\(text) is an address")
                continue
            }
            #expect(check(Sample.draft(addresses: [address])) == failure(address))
            let last = [Sample.address(1), Sample.address(2), Sample.address(3), address]
            #expect(check(Sample.draft(addresses: last)) == failure(address))
        }
    }

    @Test("by where it came from, when an address is local") func local() throws {
        let loopback = try #require(PeerAddress("127.0.0.1:7181"))
        let home = try #require(PeerAddress("192.168.1.9:7181"))
        for address in [loopback, home] {
            let draft = Sample.draft(addresses: [address])
            #expect(check(draft, from: loopback) == nil)
            #expect(check(draft, from: home) == nil)
            #expect(check(draft, isLocalNetwork: true) == nil)
            #expect(check(draft, from: Sample.peer) == .localAddress(address))
            #expect(check(draft, from: nil) == .localAddress(address))
        }
    }

    @Test("even in a local network by addresses that name no machine") func localNetwork() throws {
        let address = try #require(PeerAddress("0.0.0.0:7181"))
        let found = check(Sample.draft(addresses: [address]), isLocalNetwork: true)
        #expect(found == .unspecifiedAddress(address))
    }

    @Test("by its signature over every byte and the network") func signature() throws {
        let record = try Sample.record()
        for place in record.encoded.indices {
            var bytes = record.encoded
            bytes[place] ^= 1
            guard let changed = try? NodeRecord(decoding: bytes) else { continue }
            #expect(throws: NodeRecordFailure.self, "byte \(place)") {
                try changed.check(
                    chain: Sample.chain,
                    now: Sample.now,
                    receivedFrom: nil,
                    isLocalNetwork: true
                )
            }
        }
        #expect(throws: NodeRecordFailure.signature(.mismatch)) {
            try record.check(
                chain: Sample.digest(99),
                now: Sample.now,
                receivedFrom: nil,
                isLocalNetwork: false
            )
        }
    }
}
