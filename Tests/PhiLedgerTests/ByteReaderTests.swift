import PhiCrypto
import PhiLedger
import Testing

@Suite("A byte reader") struct ByteReaderTests {
    private let counting = (0..<100).map { UInt8($0) }

    @Test("takes integers of every width, little-endian") func integers() throws {
        var reader = ByteReader(counting)
        #expect(try reader.integer("a", as: UInt8.self) == 0)
        #expect(try reader.integer("b", as: UInt16.self) == 0x0201)
        #expect(try reader.integer("c", as: UInt32.self) == 0x0605_0403)
        #expect(try reader.integer("d", as: UInt64.self) == 0x0e0d_0c0b_0a09_0807)
        #expect(
            try reader.integer("e", as: UInt128.self)
                == 0x1e1d_1c1b_1a19_1817_1615_1413_1211_100f
        )
        #expect(reader.offset == 31)
        #expect(reader.remaining == 69)
    }

    @Test("takes values of fixed size") func fixed() throws {
        var reader = ByteReader(counting)
        let digest: Digest = try reader.fixed("digest")
        #expect(digest.bytes == Array(counting[0..<32]))
        #expect(try reader.signature("signature").bytes == Array(counting[32..<96]))
        #expect(try reader.take(0, "nothing").isEmpty)
        #expect(try reader.take(4, "rest") == [96, 97, 98, 99])
        #expect(throws: Never.self) { try reader.finish() }
    }

    @Test("never takes past its end, and stays where it was", arguments: 0..<16)
    func truncation(available: Int) {
        let bytes = Array(counting.prefix(available))
        var reader = ByteReader(bytes)
        func expect(needed: Int, _ body: (inout ByteReader) throws -> Void) {
            guard needed > available else { return }
            let failure = DecodingFailure.truncated(
                field: "x",
                needed: needed,
                available: available
            )
            #expect(throws: failure) { try body(&reader) }
            #expect(reader.offset == 0)
        }
        expect(needed: 1) { _ = try $0.integer("x", as: UInt8.self) }
        expect(needed: 2) { _ = try $0.integer("x", as: UInt16.self) }
        expect(needed: 4) { _ = try $0.integer("x", as: UInt32.self) }
        expect(needed: 8) { _ = try $0.integer("x", as: UInt64.self) }
        expect(needed: 16) { _ = try $0.integer("x", as: UInt128.self) }
        expect(needed: 32) { _ = try $0.fixed("x", as: Digest.self) }
        expect(needed: 64) { _ = try $0.signature("x") }
        expect(needed: available + 1) { _ = try $0.take(available + 1, "x") }
        expect(needed: .max) { _ = try $0.take(.max, "x") }
    }

    @Test("refuses a negative count") func negative() {
        var reader = ByteReader(counting)
        #expect(throws: DecodingFailure.self) { try reader.take(-1, "x") }
    }

    @Test("never leaves its range") func range() throws {
        var reader = ByteReader(counting, in: 10..<13)
        #expect(reader.remaining == 3)
        #expect(throws: DecodingFailure.truncated(field: "x", needed: 4, available: 3)) {
            try reader.integer("x", as: UInt32.self)
        }
        #expect(try reader.integer("x", as: UInt16.self) == 0x0b0a)
        #expect(throws: DecodingFailure.trailing(count: 1)) { try reader.finish() }
        #expect(try reader.take(1, "x") == [12])
        #expect(throws: Never.self) { try reader.finish() }
    }

    @Test("holds an integer against its limit") func limit() throws {
        for value: UInt16 in [0, 999, 1_000] {
            var bytes: [UInt8] = []
            bytes.append(littleEndian: value)
            var reader = ByteReader(bytes)
            #expect(try reader.integer("x", atMost: UInt16(1_000)) == value)
        }
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt16(1_001))
        var reader = ByteReader(bytes)
        #expect(throws: DecodingFailure.overLimit(field: "x", limit: 1_000, found: 1_001)) {
            try reader.integer("x", atMost: UInt16(1_000))
        }
    }

    @Test(
        "takes a varint in its shortest form",
        arguments: [
            (0, [0]), (1, [1]), (127, [0x7f]), (128, [0x80, 1]), (300, [0xac, 2]),
            (16_383, [0xff, 0x7f]), (16_384, [0x80, 0x80, 1]),
            (UInt64(UInt32.max), [0xff, 0xff, 0xff, 0xff, 0x0f]),
            (1 << 63, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]),
            (.max, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
        ] as [(UInt64, [UInt8])]
    )
    func varint(value: UInt64, bytes: [UInt8]) throws {
        var written: [UInt8] = []
        written.append(varint: value)
        #expect(written == bytes)
        var reader = ByteReader(bytes)
        #expect(try reader.varint("x") == value)
        #expect(throws: Never.self) { try reader.finish() }
        for count in bytes.indices {
            var short = ByteReader(bytes, in: 0..<count)
            #expect(throws: DecodingFailure.truncated(field: "x", needed: 1, available: 0)) {
                try short.varint("x")
            }
        }
    }

    @Test("takes every varint that is written, at each power of two") func varintPowers() throws {
        for power in 0..<64 {
            let base = UInt64(1) << UInt64(power)
            for value in [base - 1, base, base + 1] {
                var bytes: [UInt8] = []
                bytes.append(varint: value)
                var reader = ByteReader(bytes)
                #expect(try reader.varint("x") == value)
                #expect(reader.remaining == 0)
            }
        }
    }

    @Test(
        "refuses a varint in a longer form, or past 64 bits",
        arguments: [
            [0x80, 0], [0xff, 0], [0x80, 0x80, 0],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x81, 0],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
        ] as [[UInt8]]
    )
    func longVarint(bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        #expect(throws: DecodingFailure.notCanonical(field: "x")) { try reader.varint("x") }
    }

    @Test("holds a varint against its limit") func varintLimit() throws {
        var reader = ByteReader([0xac, 2, 0xad, 2])
        #expect(try reader.varint("x", atMost: 300) == 300)
        #expect(throws: DecodingFailure.overLimit(field: "x", limit: 300, found: 301)) {
            try reader.varint("x", atMost: 300)
        }
    }

    @Test("has a counterpart that writes both byte orders") func writer() {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(0x0102_0304))
        bytes.append(bigEndian: UInt32(0x0102_0304))
        bytes.append(bigEndian: UInt16(0xff00))
        #expect(bytes == [4, 3, 2, 1, 1, 2, 3, 4, 0xff, 0])
    }

    @Test("has failures that people can read") func descriptions() {
        let rows: [(DecodingFailure, String)] = [
            (
                .truncated(field: "f", needed: 4, available: 3),
                "f needs 4 bytes, 3 are left"
            ),
            (.trailing(count: 1), "1 bytes follow the last field"),
            (
                .overLimit(field: "f", limit: 1, found: 2), "f is 2, at most 1 is allowed"
            ),
            (
                .underLimit(field: "f", limit: 2, found: 1), "f is 1, at least 2 is needed"
            ),
            (.unknown(field: "f", found: 9), "f has the unknown value 9"),
            (.mismatch(field: "f", expected: 1, found: 2), "f is 2, expected 1"),
            (.notZero(field: "f"), "f must be zero"),
            (.zero(field: "f"), "f must not be zero"),
            (.notCanonical(field: "f"), "f is not in its only form"),
            (
                .notAscending(field: "f", index: 3), "f is not strictly ascending at index 3"
            ),
        ]
        for (failure, text) in rows { #expect(failure.description == text) }
    }
}
