import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A long list") struct MessageSplittingTests {
    @Test("of leaf hashes is announced in full messages", arguments: [0, 1, 1_000, 1_001, 2_500])
    func inventory(count: Int) throws {
        let leaves = Sample.digests(count)
        let messages = Message.inventories(of: leaves)
        #expect(messages.count == (count + 999) / 1_000)
        let found = messages.flatMap { message -> [Digest] in
            guard case .inventory(let part) = message else { return [] }
            return part
        }
        #expect(found == leaves)
        for message in messages { #expect(message.encodedBody().count <= message.type.bodyLimit) }
    }

    @Test("of leaf hashes is asked for in full messages", arguments: [0, 1, 256, 257, 600])
    func requests(count: Int) {
        let leaves = Sample.digests(count)
        let wanted = Message.requests(forEntries: leaves)
        let missing = Message.missing(entries: leaves)
        #expect(wanted.count == (count + 255) / 256)
        #expect(missing.count == wanted.count)
        let found = (wanted + missing).flatMap { message -> [Digest] in
            switch message {
            case .getEntries(let part), .missingEntries(let part): part
            default: []
            }
        }
        #expect(found == leaves + leaves)
    }

    @Test("of entries is split by number", arguments: [0, 1, 256, 257]) func byNumber(
        count: Int
    ) throws {
        let entry = try Sample.entry(0)
        let messages = Message.deliveries(of: Array(repeating: entry, count: count))
        #expect(messages.count == (count + 255) / 256)
        #expect(delivered(messages).count == count)
    }

    @Test("of entries is split by size, a frame as full as can be") func bySize() throws {
        let large = try Sample.entry(0, payloadByteCount: 32_768)
        // 31 entries of 33,052 bytes leave 23,957 bytes of a frame for the last one.
        let rest = Limits.entriesByteCount - 2 - 31 * large.bytes.count - 284
        let fitting = try Sample.entry(1, payloadByteCount: rest)
        let excess = try Sample.entry(1, payloadByteCount: rest + 1)
        let many = Array(repeating: large, count: 31)
        let one = Message.deliveries(of: many + [fitting])
        #expect(one.count == 1)
        #expect(one.first?.encodedBody().count == Limits.entriesByteCount)
        let two = Message.deliveries(of: many + [excess])
        #expect(two.count == 2)
        #expect(delivered(two) == many + [excess])
        // The second frame is as full as the first can be.
        #expect(Message.deliveries(of: many + many + [fitting]).count == 2)
        #expect(Message.deliveries(of: many + many + [excess]).count == 3)
        let small = try Sample.entry(2)
        let more = many + [excess, small, small]
        #expect(Message.deliveries(of: more).count == 2)
        #expect(delivered(Message.deliveries(of: more)) == more)
        for message in one + two {
            #expect(try Message.decode(.entries, message.encodedBody()) == message)
        }
    }

    private func delivered(_ messages: [Message]) -> [Entry] {
        messages.flatMap { message -> [Entry] in
            guard case .entries(let part) = message else { return [] }
            return part
        }
    }
}
