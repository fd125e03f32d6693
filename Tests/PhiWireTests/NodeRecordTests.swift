import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A node record") struct NodeRecordTests {
    @Test("has 187 bytes and 19 for each address", arguments: [1, 2, 3, 4])
    func sizes(count: Int) throws {
        let record = try Sample.record(addresses: count)
        #expect(record.encoded.count == 187 + 19 * count)
        #expect(record.addresses.count == count)
        #expect(try NodeRecord(decoding: record.encoded) == record)
    }

    @Test("has its fields at their places, big-endian") func places() throws {
        let record = try Sample.record()
        let bytes = record.encoded
        let milliseconds = Sample.now.milliseconds
        #expect(Array(bytes[0..<5]) == [1, 0, 0x41, 1, 1])
        #expect(Array(bytes[5..<37]) == record.identity.bytes)
        #expect(bytes[37..<45].reduce(0) { UInt64($0) << 8 | UInt64($1) } == milliseconds)
        let minute = bytes[45..<49].reduce(0) { UInt64($0) << 8 | UInt64($1) }
        #expect(minute == (milliseconds + 24 * 3_600_000) / 60_000)
        #expect(bytes[49..<117].allSatisfy { $0 == 0 })
        #expect(Array(bytes[117..<123]) == [0, 0, 0, 9, 0, 1])
        #expect(Array(bytes[123..<126]) == [4, 0, 0])
        #expect(Array(bytes[142...]) == record.signature.bytes)
    }

    @Test("is refused when it ends early, at every byte") func truncation() throws {
        let bytes = try Sample.record(addresses: 2).encoded
        for count in bytes.indices {
            #expect(throws: DecodingFailure.self, "\(count)") {
                try NodeRecord(decoding: Array(bytes[..<count]))
            }
        }
    }

    @Test("is refused when a byte follows") func trailing() throws {
        let bytes = try Sample.record().encoded
        #expect(throws: DecodingFailure.trailing(count: 1)) {
            try NodeRecord(decoding: bytes + [0])
        }
        let longest = try Sample.record(addresses: 4).encoded
        #expect(
            throws: DecodingFailure.overLimit(field: "record length", limit: 263, found: 264)
        ) { try NodeRecord(decoding: longest + [0]) }
    }

    @Test("is refused in another version", arguments: [0, 2, 255]) func version(found: UInt8) throws
    {
        var bytes = try Sample.record().encoded
        bytes[0] = found
        #expect(
            throws: DecodingFailure.unknown(field: "record version", found: UInt64(found))
        ) { try NodeRecord(decoding: bytes) }
    }

    @Test("is refused with a flag that no version knows", arguments: 0..<16)
    func flags(bit: UInt16) throws {
        var bytes = try Sample.record().encoded
        let flags = UInt16(1) << bit
        bytes[1] = UInt8(flags >> 8)
        bytes[2] = UInt8(flags & 0xff)
        if bit == 0 || bit == 6 {
            #expect(try NodeRecord(decoding: bytes).flags.rawValue == flags)
        } else {
            #expect(
                throws: DecodingFailure.unknown(field: "record flags", found: UInt64(flags))
            ) { try NodeRecord(decoding: bytes) }
        }
    }

    @Test("is refused with bits in the fields of later versions") func unusedFields() throws {
        let original = try Sample.record().encoded
        let fields = [
            ("onion_now", 49..<81), ("onion_now_until", 81..<85), ("onion_next", 85..<117),
            ("record pow_bits", 121..<122),
        ]
        for (field, places) in fields {
            for place in places {
                var bytes = original
                bytes[place] = 1
                #expect(throws: DecodingFailure.notZero(field: field)) {
                    try NodeRecord(decoding: bytes)
                }
            }
        }
    }

    @Test("has 1 to 4 addresses") func addressCount() throws {
        var bytes = try Sample.record().encoded
        bytes[122] = 0
        #expect(
            throws: DecodingFailure.underLimit(field: "address count", limit: 1, found: 0)
        ) { try NodeRecord(decoding: bytes) }
        bytes[122] = 5
        #expect(
            throws: DecodingFailure.overLimit(field: "address count", limit: 4, found: 5)
        ) { try NodeRecord(decoding: bytes) }
    }

    @Test("takes the place of an older one of the same node alone") func replacement() throws {
        let key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
        let other = try SigningKey(seed: [UInt8](repeating: 8, count: 32))
        let old = try Sample.draft().signed(by: key, chain: Sample.chain)
        var draft = Sample.draft()
        draft.signedAt = draft.signedAt.adding(milliseconds: 1)
        let new = try draft.signed(by: key, chain: Sample.chain)
        let foreign = try draft.signed(by: other, chain: Sample.chain)
        #expect(new.replaces(old))
        #expect(!old.replaces(new))
        #expect(!new.replaces(new))
        #expect(!foreign.replaces(old))
    }

    @Test("ends at a whole minute, or at the last one there is") func end() {
        #expect(Sample.draft().endMinute == 28_334_773)
        let late = NodeRecordDraft(
            flags: .full,
            signedAt: Timestamp(milliseconds: .max),
            validity: .max,
            servesFrom: .genesis,
            addresses: [Sample.peer]
        )
        #expect(late.endMinute == .max)
    }
}
