import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("A control payload") struct MalformedPayloadTests {
    static let samples = Samples(on: TestNetwork.make())
    static let control = EntryKind.allCases.filter(\.isControl)
    static let salt = [UInt8](repeating: 5, count: 16)

    @Test("is refused when it ends early", arguments: control)
    func truncation(kind: EntryKind) {
        let payload = Self.samples.entry(kind).payload
        for count in 16..<payload.count {
            guard case .truncated = failure(kind, Array(payload.prefix(count))) else {
                Issue.record("\(count) of \(payload.count) bytes were not refused as too few")
                return
            }
        }
    }

    @Test("is refused when bytes follow", arguments: control)
    func trailing(kind: EntryKind) {
        let payload = Self.samples.entry(kind).payload
        #expect(failure(kind, payload + [0]) == .trailing(count: 1))
        #expect(failure(kind, payload + [0, 0, 0]) == .trailing(count: 3))
    }

    @Test("of a message is never looked at", arguments: [16, 17, 1_000, 32_768])
    func message(count: Int) {
        #expect(failure(.message, [UInt8](repeating: 0xff, count: count)) == nil)
    }

    @Test("of an open is refused with an unknown policy", arguments: [2, 3, 255] as [UInt8])
    func policies(value: UInt8) {
        var payload = Self.samples.entry(.open).payload
        payload[16] = value
        #expect(failure(.open, payload) == .unknown(field: "reading", found: UInt64(value)))
        payload[16] = 1
        payload[17] = value
        let writing = failure(.open, payload)
        // Two is a way of writing, and then the link key must be zero.
        #expect(
            writing
                == (value == 2
                    ? .notZero(field: "link_key")
                    : .unknown(field: "writing", found: UInt64(value)))
        )
    }

    @Test(
        "of an open is refused with a link key where there is no link",
        arguments: [0, 2] as [UInt8]
    )
    func linkKey(writing: UInt8) {
        for index in [18, 49] {
            var payload = Self.salt + [0, writing] + [UInt8](repeating: 0, count: 70)
            #expect(failure(.open, payload) == nil)
            payload[index] = 1
            #expect(failure(.open, payload) == .notZero(field: "link_key"))
        }
    }

    @Test("of an open is refused with a read check where all can read", arguments: [50, 81])
    func readCheck(index: Int) {
        var payload = Self.salt + [0, 0] + [UInt8](repeating: 0, count: 70)
        payload[index] = 1
        #expect(failure(.open, payload) == .notZero(field: "read_check"))
        payload[16] = 1
        #expect(failure(.open, payload) == nil)
    }

    @Test("of an open has a title of at most 256 bytes")
    func title() {
        let front = Self.salt + [UInt8](repeating: 0, count: 70)
        #expect(failure(.open, front + [0, 1] + [UInt8](repeating: 0xff, count: 256)) == nil)
        #expect(
            failure(.open, front + [1, 1] + [UInt8](repeating: 0xff, count: 257))
                == .overLimit(field: "title length", limit: 256, found: 257)
        )
    }

    @Test("of a list has 1,000 keys at most, and an admit one at least")
    func counts() {
        let tail = [UInt8](repeating: 0, count: 64)
        #expect(failure(.admit, list(0)) == .underLimit(field: "key count", limit: 1, found: 0))
        #expect(failure(.revoke, list(0) + tail) == nil)
        for count in [1, 1_000] {
            #expect(failure(.admit, list(count)) == nil)
            #expect(failure(.revoke, list(count) + tail) == nil)
        }
        let over = DecodingFailure.overLimit(field: "key count", limit: 1_000, found: 1_001)
        #expect(failure(.admit, list(1_001)) == over)
        #expect(failure(.revoke, list(1_001) + tail) == over)
    }

    @Test("of a list is refused unless strictly ascending", arguments: [EntryKind.admit, .revoke])
    func ascending(kind: EntryKind) {
        let tail = kind == .revoke ? [UInt8](repeating: 0, count: 64) : []
        for (second, first) in [(1, 1), (0, 1), (1, 256)] {
            let payload = Self.salt + [2, 0] + key(first) + key(second) + tail
            #expect(failure(kind, payload) == .notAscending(field: "keys", index: 1))
        }
    }

    private func list(_ count: Int) -> [UInt8] {
        Self.salt + [UInt8(count & 0xff), UInt8(count >> 8)] + (0..<count).flatMap { key($0) }
    }

    private func key(_ number: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: 30) + [UInt8(number >> 8), UInt8(number & 0xff)]
    }

    private func failure(_ kind: EntryKind, _ payload: [UInt8]) -> DecodingFailure? {
        let entry = Self.samples.entry(kind, payload: payload)
        do {
            _ = try ValidEntry(judging: entry, on: Self.samples.network)
            return nil
        } catch {
            guard case .payload(let failure) = error else {
                Issue.record(error)
                return nil
            }
            return failure
        }
    }
}
