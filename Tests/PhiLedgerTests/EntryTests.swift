import Foundation
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

/// A chain that an independent program made, as `../shared/vectors/phi` has it.
struct ChainVectors: Decodable {
    enum CodingKeys: String, CodingKey {
        case parameters, genesis, headers, hashes, entry, payload
        case parametersHash = "parameters_hash"
        case genesisHash = "genesis_hash"
        case entryID = "entry_id"
        case entryLeaf = "entry_leaf"
    }

    let parameters: String
    let parametersHash: String
    let genesis: String
    let genesisHash: String
    let headers: [String]
    let hashes: [String]
    let entry: String
    let entryID: String
    let entryLeaf: String
    let payload: String

    /// The chains with the rules of `main` and of `dev`; none when the folder is absent.
    static func all() throws -> [(vectors: ChainVectors, parameters: NetworkParameters)] {
        let files: [(String, NetworkParameters)] = [
            ("vectors/phi/chain.json", .main), ("vectors/phi/dev/chain.json", .development),
        ]
        return try files.compactMap { path, parameters in
            guard let data = SharedFolder.data(path) else { return nil }
            return (try JSONDecoder().decode(ChainVectors.self, from: data), parameters)
        }
    }

    static func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex.utf8)
        return try stride(from: 0, to: digits.count, by: 2).map { place in
            let pair = String(decoding: digits[place..<min(place + 2, digits.count)], as: UTF8.self)
            return try #require(UInt8(pair, radix: 16))
        }
    }
}

/// Entries that many tests need; they are neither signed nor stamped.
enum SampleEntry {
    static let signature = Signature(reading: (0..<64).map { UInt8($0) }, at: 0)
    static let author = VerifyingKey(reading: [UInt8](repeating: 3, count: 32), at: 0)

    static func draft(
        _ kind: EntryKind = .message,
        sequence: UInt64 = 5,
        payload: [UInt8] = [UInt8](repeating: 8, count: 20)
    ) -> EntryDraft {
        EntryDraft(
            kind: kind,
            chain: SHA256.hash([1]),
            meeting: SHA256.hash([2]),
            author: author,
            sequence: sequence,
            previous: SHA256.hash([4]),
            anchorHeight: Height(77),
            anchorTail: AnchorTail(of: SHA256.hash([5])),
            authorTime: Timestamp(milliseconds: 1_700_000_000_123),
            payload: payload
        )
    }

    static func entry(
        _ kind: EntryKind = .message,
        sequence: UInt64 = 5,
        payload: [UInt8] = [UInt8](repeating: 8, count: 20)
    ) -> Entry {
        draft(kind, sequence: sequence, payload: payload)
            .assembled(signature: signature, work: 1 << 40, nonce: 99)
    }
}

@Suite("An entry") struct EntryTests {
    private let bytes = SampleEntry.entry().bytes
    private let limit: UInt32 = 32_768

    private func decode(_ bytes: [UInt8]) throws(DecodingFailure) -> Entry {
        try Entry(decoding: bytes, payloadLimit: limit)
    }

    private func changed(_ offset: Int, _ value: some FixedWidthInteger) -> [UInt8] {
        var field: [UInt8] = []
        field.append(littleEndian: value)
        var changed = bytes
        changed.replaceSubrange(offset..<offset + field.count, with: field)
        return changed
    }

    @Test("has the id, leaf and payload hash of independent code") func vectors() throws {
        for (vectors, parameters) in try ChainVectors.all() {
            let bytes = try ChainVectors.bytes(vectors.entry + vectors.payload)
            let entry = try Entry(
                decoding: bytes,
                payloadLimit: parameters.maximumPayloadBytes
            )
            #expect(entry.bytes == bytes)
            #expect(entry.id.hex == vectors.entryID)
            #expect(entry.leaf.hex == vectors.entryLeaf)
            #expect(entry.computedPayloadHash == entry.payloadHash)
            #expect(entry.chain.hex == vectors.genesisHash)
            #expect(entry.payloadByteCount == UInt32(vectors.payload.count / 2))
            let signed = Domain.entrySignature + entry.id.bytes
            #expect(entry.author.isValid(entry.signature, of: signed))
        }
    }

    @Test("has its fields at their places") func fields() throws {
        let draft = SampleEntry.draft()
        let entry = try decode(bytes)
        #expect(bytes.count == 304)
        #expect(Array(bytes[0..<8]) == [1, 0, 1, 0, 20, 0, 0, 0])
        #expect(Array(bytes[8..<40]) == draft.chain.bytes)
        #expect(Array(bytes[40..<72]) == draft.meeting.bytes)
        #expect(Array(bytes[72..<104]) == draft.author.bytes)
        #expect(Array(bytes[104..<112]) == [5, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[112..<144]) == draft.previous.bytes)
        #expect(Array(bytes[144..<148]) == [77, 0, 0, 0])
        #expect(Array(bytes[148..<164]) == Array(SHA256.hash([5]).bytes[16...]))
        #expect(Array(bytes[172..<204]) == entry.computedPayloadHash.bytes)
        #expect(Array(bytes[204..<268]) == SampleEntry.signature.bytes)
        #expect(Array(bytes[276..<284]) == [99, 0, 0, 0, 0, 0, 0, 0])
        #expect(entry.kind == .message)
        #expect(entry.chain == draft.chain)
        #expect(entry.meeting == draft.meeting)
        #expect(entry.author == draft.author)
        #expect(entry.sequence == 5)
        #expect(entry.previous == draft.previous)
        #expect(entry.anchorHeight == Height(77))
        #expect(entry.anchorTail == draft.anchorTail)
        #expect(entry.authorTime == draft.authorTime)
        #expect(entry.payloadHash == entry.computedPayloadHash)
        #expect(entry.signature == SampleEntry.signature)
        #expect(entry.stampWork == 1 << 40)
        #expect(entry.stampNonce == 99)
        #expect(entry.envelope == Array(bytes[..<284]))
        #expect(entry.payload == draft.payload)
        #expect(entry.id == draft.id)
    }

    @Test("tells how much of a payload is missing") func missingPayload() {
        #expect(throws: DecodingFailure.truncated(field: "payload", needed: 20, available: 19)) {
            try decode(Array(bytes.dropLast()))
        }
    }

    @Test("is refused when it ends early, at every byte") func truncation() {
        for count in bytes.indices {
            let short = Array(bytes[..<count])
            #expect(throws: DecodingFailure.self, "\(count)") { try decode(short) }
            var reader = ByteReader(short)
            #expect(throws: DecodingFailure.self, "\(count)") {
                try Entry(from: &reader, payloadLimit: limit)
            }
        }
    }

    @Test("is refused when a byte follows") func trailing() throws {
        #expect(throws: DecodingFailure.trailing(count: 1)) { try decode(bytes + [0]) }
        var reader = ByteReader(bytes + [0])
        #expect(try Entry(from: &reader, payloadLimit: limit).bytes == bytes)
        #expect(reader.remaining == 1)
    }

    @Test("is taken off a reader in the middle of other bytes") func middle() throws {
        var reader = ByteReader([9, 9] + bytes + bytes + [9], in: 2..<2 + 2 * bytes.count)
        #expect(try Entry(from: &reader, payloadLimit: limit).bytes == bytes)
        #expect(try Entry(from: &reader, payloadLimit: limit).bytes == bytes)
        #expect(throws: Never.self) { try reader.finish() }
    }

    @Test("is refused in another version", arguments: [0, 2, 256, 65_535])
    func version(found: UInt16) {
        let failure = DecodingFailure.unknown(field: "entry version", found: UInt64(found))
        #expect(throws: failure) { try decode(changed(0, found)) }
    }

    @Test("is of a kind from 1 to 7") func kinds() throws {
        for kind in EntryKind.allCases {
            #expect(try decode(changed(2, kind.rawValue)).kind == kind)
        }
        #expect(EntryKind.allCases.map(\.rawValue) == Array(1...7))
        for found: UInt16 in [0, 8, 42, 257, 65_535] {
            let failure = DecodingFailure.unknown(field: "entry kind", found: UInt64(found))
            #expect(throws: failure) { try decode(changed(2, found)) }
        }
    }

    @Test("has a payload of 16 bytes to the limit") func payloadLimits() throws {
        for count in [16, 17, 32_767, 32_768] {
            let entry = SampleEntry.entry(payload: [UInt8](repeating: 1, count: count))
            #expect(try decode(entry.bytes) == entry)
        }
        #expect(throws: DecodingFailure.underLimit(field: "payload_len", limit: 16, found: 15)) {
            try decode(Array(changed(4, UInt32(15)).dropLast(5)))
        }
        let over = SampleEntry.entry(payload: [UInt8](repeating: 1, count: 32_769))
        let failure = DecodingFailure.overLimit(
            field: "payload_len",
            limit: 32_768,
            found: 32_769
        )
        #expect(throws: failure) { try decode(over.bytes) }
        #expect(throws: DecodingFailure.self) { try decode(changed(4, UInt32.max)) }
    }

    @Test("keeps its id under another signature or stamp, and not its leaf") func malleability()
        throws
    {
        let entry = try decode(bytes)
        let stamped = entry.restamped(work: 7, nonce: 8)
        #expect(stamped.id == entry.id)
        #expect(stamped.leaf != entry.leaf)
        #expect(stamped.stampWork == 7)
        #expect(stamped.stampNonce == 8)
        #expect(stamped.payload == entry.payload)
        #expect(try decode(stamped.bytes) == stamped)
        for place in bytes.indices {
            var other = bytes
            other[place] ^= 1
            guard let other = try? decode(other) else { continue }
            #expect((other.id == entry.id) == (place >= 204), "byte \(place)")
            #expect((other.leaf == entry.leaf) == (place >= 284), "byte \(place)")
            #expect((other.computedPayloadHash == entry.payloadHash) == (place < 284))
        }
    }

    @Test("is a control entry unless it is a message") func control() {
        #expect(EntryKind.allCases.filter { !$0.isControl } == [.message])
        let names = ["message", "open", "join", "admit", "revoke", "close", "approve"]
        #expect(EntryKind.allCases.map(\.name) == names)
    }
}
