import Foundation
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

/// The vectors of `docs/vectors/wire.json`, which `scripts/wire-vectors.py` writes.
@Suite("The vectors of the wire") struct VectorTests {
    private struct Document: Decodable {
        struct Sample: Decodable {
            let type: UInt8
            let name: String
            let description: String
            let body: String
            let frameHead: String
        }
        struct Beacon: Decodable {
            let nonce: String
            let port: UInt16
            let bytes: String
        }
        struct Reconciliation: Decodable {
            let asker: [String]
            let answerer: [String]
            let logarithm: UInt8
        }
        struct Compact: Decodable {
            let header: String
            let leaves: [String]
        }
        let parameters: String
        let chain: String
        let now: UInt64
        let identity: String
        let reconciliation: Reconciliation
        let compactBlock: Compact
        let messages: [Sample]
        let beacons: [Beacon]
    }

    private let document: Document
    private let parameters: NetworkParameters

    init() throws {
        let file = SharedFolder.packageRoot.appending(path: "docs/vectors/wire.json")
        document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: file))
        parameters = try NetworkParameters(decoding: try bytes(document.parameters))
    }

    private func messages(_ type: MessageType) throws -> [Message] {
        try document.messages.filter { $0.type == type.rawValue }.map { sample in
            let body = try bytes(sample.body)
            return try Message.decode(type: sample.type, body: body, parameters: parameters)
        }
    }

    @Test("are decoded and encoded to the same bytes") func roundTrip() throws {
        for sample in document.messages {
            let label = "\(sample.name): \(sample.description)"
            let body = try bytes(sample.body)
            let message = try Message.decode(
                type: sample.type,
                body: body,
                parameters: parameters
            )
            #expect(message.encodedBody() == body, "\(label)")
            #expect(message.type.name == sample.name, "\(label)")
            #expect(message.type.rawValue == sample.type, "\(label)")
            var head: [UInt8] = []
            head.append(littleEndian: UInt32(body.count + 1))
            head.append(sample.type)
            #expect(try bytes(sample.frameHead) == head, "\(label)")
        }
    }

    @Test("have every type of message") func everyType() {
        #expect(Set(document.messages.map(\.type)) == Set(MessageType.allCases.map(\.rawValue)))
    }

    @Test("have beacons that ask for their network") func beacons() throws {
        let chain = try #require(Digest(hex: document.chain))
        let now = Timestamp(milliseconds: document.now)
        for sample in document.beacons {
            let beacon = try LANBeacon(decoding: try bytes(sample.bytes))
            let nonce = try #require(UInt128(sample.nonce, radix: 16))
            #expect(beacon.asks(for: chain, now: now))
            #expect(
                beacon
                    == LANBeacon(
                        nonce: nonce,
                        listenPort: sample.port,
                        chain: chain,
                        now: now
                    )
            )
        }
        #expect(document.beacons.count == 2)
    }

    @Test("have node records that keep all rules") func records() throws {
        let chain = try #require(Digest(hex: document.chain))
        let now = Timestamp(milliseconds: document.now)
        let records = try messages(.record) + messages(.hello) + messages(.peers)
        var count = 0
        for message in records {
            for record in recordsOf(message) {
                try record.check(chain: chain, now: now, receivedFrom: nil, isLocalNetwork: false)
                count += 1
            }
        }
        #expect(count == 6)
        guard case .record(let record)? = try messages(.record).first else { return }
        #expect(record.identity.hex == document.identity)
        #expect(record.flags == [.full, .dialable])
        #expect(record.addresses.map(\.description) == ["203.0.113.7:7181"])
        #expect(record.servesFrom == Height(17))
    }

    @Test("say what their script wrote") func meaning() throws {
        guard case .hello(let hello)? = try messages(.hello).first,
            case .ping(let ping)? = try messages(.ping).first,
            case .headers(let batch)? = try messages(.headers).last
        else {
            Issue.record("the vectors have a hello, a ping and headers")
            return
        }
        #expect(hello.chain.hex == document.chain)
        #expect(hello.parameters == .development)
        #expect(hello.payloadsFrom == Height(9_521))
        #expect(hello.envelopesFrom == Height(17))
        #expect(hello.observedAddress.description == "127.0.0.1:50123")
        #expect(ping.nonce == 0x0123_4567_89ab_cdef)
        #expect(ping.tip.height == Height(70_001))
        #expect(ping.tip.work == Work(rawValue: 1 << 70 + 5))
        #expect(batch.start == Height(70_002))
        #expect(batch.items.map(\.delay) == [0, 9_000, 1 << 48])
        #expect(batch.items.map(\.nonce) == [0, .max, 1])
        #expect(batch.items.map(\.body?.entryCount) == [nil, 2, 2_048])
        #expect(batch.items.map(\.body?.byteCount) == [nil, 618, 524_288])
    }

    @Test("have entries that are signed, stamped and whole") func entries() throws {
        guard case .entries(let entries)? = try messages(.entries).first,
            case .inventory(let leaves)? = try messages(.inventory).first
        else {
            Issue.record("the vectors have entries")
            return
        }
        #expect(entries.map(\.leaf) == leaves)
        for entry in entries {
            #expect(entry.computedPayloadHash == entry.payloadHash)
            let message = Domain.entrySignature + entry.id.bytes
            #expect(entry.author.isValid(entry.signature, of: message))
        }
        #expect(entries.last?.previous == entries.first?.id)
    }

    @Test("have a sketch and its answer as this code makes them") func reconciliation() throws {
        let given = document.reconciliation
        let asker = try given.asker.map { try #require(Digest(hex: $0)) }
        let answerer = try given.answerer.map { try #require(Digest(hex: $0)) }
        let sketch = Reconciliation.sketch(of: asker, logarithm: given.logarithm)
        #expect(try messages(.sketch).last == .sketch(sketch))
        let answer = Reconciliation.answer(to: sketch, with: answerer)
        #expect(try messages(.buckets).first == answer.first.map { .buckets($0) })
        #expect(answer.count == 1)
        let found = answer.map { Reconciliation.difference(between: $0, and: asker) }
        #expect(Set(found.flatMap(\.lacking)) == Set(answerer).subtracting(asker))
        #expect(found.allSatisfy { $0.surplus.isEmpty })
    }

    @Test("have a compact block with the short ids of its leaves") func compactBlock() throws {
        guard case .compactBlock(let block)? = try messages(.compactBlock).first else {
            Issue.record("the vectors have a compact block")
            return
        }
        let header = try Header(decoding: try bytes(document.compactBlock.header))
        let leaves = try document.compactBlock.leaves.map { try #require(Digest(hex: $0)) }
        #expect(try ShortID.of(leaves, header: header, salt: block.salt) == block.identifiers)
        let parent = header.time.milliseconds - UInt64(parameters.minimumSpacing) - 9_000
        let compact = CompactHeader(
            header,
            after: Timestamp(milliseconds: parent),
            minimumSpacing: parameters.minimumSpacing
        )
        #expect(block.header == compact)
        #expect(block.height == header.height)
        #expect(block.parent == header.previous)
        #expect(block.prefilled.map(\.index) == [1])
    }

    private func recordsOf(_ message: Message) -> [NodeRecord] {
        switch message {
        case .hello(let hello): hello.record.map { [$0] } ?? []
        case .record(let record): [record]
        case .peers(let records): records
        default: []
        }
    }
}

private func bytes(_ hex: String) throws -> [UInt8] {
    let digits = Array(hex.utf8)
    try #require(digits.count.isMultiple(of: 2))
    return try stride(from: 0, to: digits.count, by: 2).map { place in
        let pair = String(decoding: digits[place..<place + 2], as: UTF8.self)
        return try #require(UInt8(pair, radix: 16))
    }
}
