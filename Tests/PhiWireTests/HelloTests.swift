import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A hello") struct HelloTests {
    @Test("has 189 bytes and then the record") func sizes() throws {
        #expect(Hello.fixedByteCount == 189)
        #expect(Message.hello(Sample.hello(nil)).encodedBody().count == 189)
        let longest = Message.hello(Sample.hello(try Sample.record(addresses: 4)))
        #expect(longest.encodedBody().count == MessageType.hello.bodyLimit)
        #expect(longest.encodedBody().count == 452)
    }

    @Test("has its fields at their places") func places() throws {
        let record = try Sample.record()
        let body = Message.hello(Sample.hello(record)).encodedBody()
        #expect(Array(body[0..<2]) == [1, 0])
        #expect(Array(body[2..<34]) == Sample.chain.bytes)
        #expect(Array(body[34..<100]) == Sample.parameters.encoded)
        #expect(Array(body[100..<132]) == Sample.digest(1).bytes)
        #expect(Array(body[132..<136]) == [0x71, 0x11, 0x01, 0])
        #expect(Array(body[136..<152]) == [0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(body[152..<156]) == [0x28, 0x23, 0, 0])
        #expect(Array(body[156..<160]) == [12, 0, 0, 0])
        #expect(Array(body[160..<168]) == [0, 1, 0, 0, 0, 0, 0, 0])
        let mapped: [UInt8] = [4] + [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
        #expect(Array(body[168..<187]) == mapped + [203, 0, 113, 7, 0x1c, 0x0d])
        #expect(Array(body[187..<189]) == [206, 0])
        #expect(Array(body[189...]) == record.encoded)
    }

    @Test("is refused in another version", arguments: [0, 2, 0xffff]) func version(found: UInt16) {
        var body = Message.hello(Sample.hello(nil)).encodedBody()
        body[0] = UInt8(found & 0xff)
        body[1] = UInt8(found >> 8)
        let other = WireFailure.otherVersion(supported: 1, found: found)
        #expect(throws: other) { try Message.decode(.hello, body) }
        #expect(throws: other) { try Message.decode(.hello, Array(body[..<2])) }
        #expect(!other.isMisbehavior)
    }

    @Test("is refused with parameters of another version") func parameters() {
        var body = Message.hello(Sample.hello(nil)).encodedBody()
        body[34] = 2
        let unknown = DecodingFailure.unknown(field: "parameters version", found: 2)
        #expect(throws: WireFailure.decoding(type: .hello, unknown)) {
            try Message.decode(.hello, body)
        }
    }

    @Test("is refused with a record length that none has", arguments: [1, 205, 207, 264])
    func recordLength(length: UInt16) throws {
        var body = Message.hello(Sample.hello(nil)).encodedBody()
        body[187] = UInt8(length & 0xff)
        body[188] = UInt8(length >> 8)
        body += try Sample.record().encoded + [UInt8](repeating: 0, count: 57)
        #expect(throws: WireFailure.self) {
            try Message.decode(.hello, Array(body.prefix(189 + Int(length))))
        }
    }
}
