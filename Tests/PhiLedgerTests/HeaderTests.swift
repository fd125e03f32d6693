import PhiCrypto
import PhiLedger
import Testing

@Suite("A header") struct HeaderTests {
    private let header = Header(
        height: Height(0x0403_0201),
        entryCount: 0x0807_0605,
        bodyBytes: 0x0c0b_0a09,
        previous: SHA256.hash([1]),
        entriesRoot: SHA256.hash([2]),
        historyRoot: SHA256.hash([3]),
        chainWork: Work(rawValue: 1 << 127 + 5),
        time: Timestamp(milliseconds: 0x1122_3344_5566_7788),
        idle: 9,
        bits: 0x2000_ffff,
        nonce: 0xff
    )

    @Test("has the bytes and hash of independent code") func vectors() throws {
        for (vectors, _) in try ChainVectors.all() {
            #expect(vectors.headers.count == 21)
            for (hex, hash) in zip(vectors.headers, vectors.hashes) {
                let bytes = try ChainVectors.bytes(hex)
                let header = try Header(decoding: bytes)
                #expect(header.encoded == bytes)
                #expect(header.hash.hex == hash)
                #expect(header.historyLeaf == MerkleTree.leaf(bytes))
            }
        }
    }

    @Test("links to its parent in an independent chain") func links() throws {
        for (vectors, parameters) in try ChainVectors.all() {
            let headers = try vectors.headers.map {
                try Header(decoding: try ChainVectors.bytes($0))
            }
            for (parent, child) in zip(headers, headers.dropFirst()) {
                #expect(child.previous == parent.hash)
                #expect(child.height == parent.height.next)
                let target = try Target(compact: child.bits, limit: parameters.targetLimit)
                #expect(target.isMet(by: child.hash))
                #expect(
                    child.chainWork.rawValue == parent.chainWork.rawValue + target.work.rawValue
                )
            }
        }
    }

    @Test("has its fields at their places") func places() throws {
        let bytes = header.encoded
        #expect(bytes.count == 156)
        #expect(Header.byteCount == 156)
        #expect(Array(bytes[0..<16]) == [1, 0, 0, 0] + (1...12).map { UInt8($0) })
        #expect(Array(bytes[16..<48]) == header.previous.bytes)
        #expect(Array(bytes[48..<80]) == header.entriesRoot.bytes)
        #expect(Array(bytes[80..<112]) == header.historyRoot.bytes)
        #expect(Array(bytes[112..<128]) == [5] + [UInt8](repeating: 0, count: 14) + [0x80])
        #expect(Array(bytes[128..<136]) == [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11])
        #expect(Array(bytes[136..<144]) == [9, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[144..<148]) == [0xff, 0xff, 0, 0x20])
        #expect(Array(bytes[148..<156]) == [0xff, 0, 0, 0, 0, 0, 0, 0])
        #expect(try Header(decoding: bytes) == header)
    }

    @Test("is what a nonce search puts together") func search() {
        #expect(header.searchPrefix.count == Header.prefixByteCount)
        #expect(header.searchTail.count == 20)
        #expect(header.searchPrefix + header.searchTail == Array(header.encoded[..<148]))
        var other = header
        other.time = .zero
        other.idle = 0
        other.bits = 0
        other.nonce = 0
        #expect(other.searchPrefix == header.searchPrefix)
    }

    @Test("is refused when it ends early, at every byte", arguments: 0..<156)
    func truncation(count: Int) {
        #expect(throws: DecodingFailure.self) {
            try Header(decoding: Array(header.encoded[..<count]))
        }
    }

    @Test("is refused when a byte follows") func trailing() {
        #expect(throws: DecodingFailure.trailing(count: 1)) {
            try Header(decoding: header.encoded + [0])
        }
    }

    @Test("is refused in another version", arguments: [0, 2, 0x100, 0xffff_ffff])
    func version(found: UInt32) {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: found)
        bytes += header.encoded.dropFirst(4)
        let failure = DecodingFailure.unknown(field: "header version", found: UInt64(found))
        #expect(throws: failure) { try Header(decoding: bytes) }
    }

    @Test("takes every value that its fields can carry") func extremes() throws {
        for byte: UInt8 in [0, 0xff] {
            let bytes = [1, 0, 0, 0] + [UInt8](repeating: byte, count: 152)
            let header = try Header(decoding: bytes)
            #expect(header.encoded == bytes)
            #expect(header.height.next == (byte == 0 ? Height(1) : nil))
        }
    }
}
