import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A batch of headers") struct HeaderBatchTests {
    private func body(start: UInt32, count: UInt16) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: start)
        Sample.digest(1).append(to: &bytes)
        bytes.append(littleEndian: count)
        for _ in 0..<count { bytes += [UInt8](repeating: 0, count: 10) }
        return bytes
    }

    @Test("has none to 2,048 headers", arguments: [0, 1, 2_047, 2_048]) func counts(
        count: UInt16
    ) throws {
        let bytes = body(start: 5, count: count)
        let message = try Message.decode(.headers, bytes)
        #expect(message.encodedBody() == bytes)
        guard case .headers(let batch) = message else { return }
        #expect(batch.start == Height(5))
        #expect(batch.parent == Sample.digest(1))
        #expect(batch.items.count == Int(count))
    }

    @Test("is refused with 2,049 headers") func over() {
        #expect(
            throws: WireFailure.decoding(
                type: .headers,
                .overLimit(field: "header count", limit: 2_048, found: 2_049)
            )
        ) { try Message.decode(.headers, body(start: 5, count: 2_049)) }
    }

    @Test("never has the genesis header") func genesis() {
        #expect(throws: WireFailure.decoding(type: .headers, .zero(field: "start height"))) {
            try Message.decode(.headers, body(start: 0, count: 1))
        }
    }

    @Test("ends at the last height that a header can carry") func lastHeight() throws {
        for (start, count) in [
            (UInt32.max, UInt16(0)), (.max, 1), (.max - 1, 2), (.max - 2_047, 2_048),
        ] {
            let bytes = body(start: start, count: count)
            #expect(try Message.decode(.headers, bytes).encodedBody() == bytes)
        }
        for (start, count) in [(UInt32.max, UInt16(2)), (.max - 1, 3), (.max - 2_046, 2_048)] {
            let limit = UInt64(UInt32.max - start) + 1
            #expect(
                throws: WireFailure.decoding(
                    type: .headers,
                    .overLimit(field: "header count", limit: limit, found: UInt64(count))
                )
            ) { try Message.decode(.headers, body(start: start, count: count)) }
        }
    }

    @Test("fits its message even with the longest headers") func longest() throws {
        let parameters = Sample.parameters
        let header = Sample.header(
            delay: 1 << 48,
            entryCount: parameters.maximumEntries,
            bodyBytes: parameters.maximumBodyBytes
        )
        let batch = HeaderBatch(
            start: Height(1),
            parent: .zero,
            items: Array(repeating: try Sample.compact(header), count: 2_048)
        )
        let message = Message.headers(batch)
        #expect(message.encodedBody().count == 38 + 2_048 * 53)
        #expect(try Message.decode(.headers, message.encodedBody()) == message)
    }
}
