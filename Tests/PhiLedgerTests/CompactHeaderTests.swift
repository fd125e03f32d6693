import PhiCrypto
import PhiLedger
import Testing

@Suite("A compact header") struct CompactHeaderTests {
    private let parameters = NetworkParameters.main

    private func read(_ bytes: [UInt8]) throws(DecodingFailure) -> CompactHeader {
        var reader = ByteReader(bytes)
        let header = try CompactHeader(from: &reader, parameters: parameters)
        try reader.finish()
        return header
    }

    private func bytes(
        flags: UInt8 = 0,
        delay: UInt64 = 300,
        count: UInt64? = nil,
        bodyBytes: UInt64 = 300
    ) -> [UInt8] {
        var bytes = [flags]
        bytes.append(varint: delay)
        bytes.append(littleEndian: UInt64(0x0102_0304_0506_0708))
        guard let count else { return bytes }
        bytes.append(varint: count)
        bytes.append(varint: bodyBytes)
        SHA256.hash([1]).append(to: &bytes)
        return bytes
    }

    @Test("keeps what the parents of an independent chain do not fix") func vectors() throws {
        for (vectors, parameters) in try ChainVectors.all() {
            let headers = try vectors.headers.map {
                try Header(decoding: try ChainVectors.bytes($0))
            }
            for (parent, child) in zip(headers, headers.dropFirst()) {
                let compact = try #require(
                    CompactHeader(
                        child,
                        after: parent.time,
                        minimumSpacing: parameters.minimumSpacing
                    )
                )
                var bytes: [UInt8] = []
                compact.append(to: &bytes)
                #expect(try read(bytes) == compact)
                let earliest = parent.time.adding(
                    milliseconds: UInt64(parameters.minimumSpacing)
                )
                #expect(earliest.adding(milliseconds: compact.delay) == child.time)
                #expect(compact.nonce == child.nonce)
                #expect(compact.body?.entryCount ?? 0 == child.entryCount)
                #expect(compact.body?.byteCount ?? 0 == child.bodyBytes)
                #expect(compact.body?.root ?? MerkleTree.emptyRoot == child.entriesRoot)
            }
        }
    }

    @Test("has 10 to 12 bytes when the block is empty") func sizes() throws {
        #expect(CompactHeader.minimumByteCount == 10)
        for (delay, count) in [(0, 10), (127, 10), (128, 11), (16_383, 11), (16_384, 12)] {
            let bytes = bytes(delay: UInt64(delay))
            #expect(bytes.count == count)
            var written: [UInt8] = []
            try read(bytes).append(to: &written)
            #expect(written == bytes)
        }
    }

    @Test("has no form for a time that the parent forbids") func earliest() throws {
        var header = Header(
            height: Height(1),
            entryCount: 0,
            bodyBytes: 0,
            previous: .zero,
            entriesRoot: MerkleTree.emptyRoot,
            historyRoot: .zero,
            chainWork: .zero,
            time: Timestamp(milliseconds: 11_000),
            idle: 0,
            bits: 0,
            nonce: 0
        )
        let parent = Timestamp(milliseconds: 10_000)
        let first = CompactHeader(header, after: parent, minimumSpacing: 1_000)
        #expect(first?.delay == 0)
        header.time = Timestamp(milliseconds: 10_999)
        #expect(CompactHeader(header, after: parent, minimumSpacing: 1_000) == nil)
    }

    @Test("is refused with a flag that no version knows", arguments: 1..<UInt8(8))
    func flags(bit: UInt8) {
        for flags in [UInt8(1) << bit, (UInt8(1) << bit) | 1] {
            let failure = DecodingFailure.unknown(field: "header flags", found: UInt64(flags))
            #expect(throws: failure) { try read(bytes(flags: flags, count: 1)) }
        }
    }

    @Test("is refused when it ends early or a byte follows") func truncation() {
        for whole in [bytes(), bytes(flags: 1, count: 7)] {
            for count in whole.indices {
                #expect(throws: DecodingFailure.self) { try read(Array(whole[..<count])) }
            }
            #expect(throws: DecodingFailure.trailing(count: 1)) { try read(whole + [0]) }
        }
        #expect(throws: DecodingFailure.self) { try read(bytes(flags: 0, count: 1)) }
        #expect(throws: DecodingFailure.self) { try read(bytes(flags: 1)) }
    }

    @Test("has a delay of 2^48 milliseconds at most") func delay() throws {
        #expect(try read(bytes(delay: 1 << 48)).delay == 1 << 48)
        let over = UInt64(1) << 48 + 1
        #expect(throws: DecodingFailure.overLimit(field: "time", limit: 1 << 48, found: over)) {
            try read(bytes(delay: over))
        }
    }

    @Test("has as many entries and bytes as the network allows") func limits() throws {
        for count: UInt64 in [1, 2_047, 2_048] {
            #expect(try read(bytes(flags: 1, count: count)).body?.entryCount == UInt32(count))
        }
        #expect(throws: DecodingFailure.notCanonical(field: "entry_count")) {
            try read(bytes(flags: 1, count: 0))
        }
        #expect(
            throws: DecodingFailure.overLimit(field: "entry_count", limit: 2_048, found: 2_049)
        ) { try read(bytes(flags: 1, count: 2_049)) }
        for count: UInt64 in [0, 524_287, 524_288] {
            let header = try read(bytes(flags: 1, count: 1, bodyBytes: count))
            #expect(header.body?.byteCount == UInt32(count))
        }
        #expect(
            throws: DecodingFailure.overLimit(
                field: "body_bytes",
                limit: 524_288,
                found: 524_289
            )
        ) { try read(bytes(flags: 1, count: 1, bodyBytes: 524_289)) }
    }

    @Test("is refused with a number in a longer form") func minimal() {
        let nonce = [UInt8](repeating: 0, count: 8)
        let root = [UInt8](repeating: 0, count: 32)
        for bytes in [
            [0, 0x80, 0] + nonce, [1, 5] + nonce + [0x81, 0, 5] + root,
            [1, 5] + nonce + [1, 0x85, 0] + root,
        ] as [[UInt8]] {
            let failure = #expect(throws: DecodingFailure.self) { try read(bytes) }
            guard case .notCanonical = failure else {
                Issue.record("\(bytes) is refused for its form")
                return
            }
        }
    }
}
