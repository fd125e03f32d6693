import Foundation
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@testable import PhiMeetings

/// The vectors of `docs/vectors/meetings.json`.
///
/// `PHI_WRITE_VECTORS=1 swift test --filter MeetingVectorTests` writes the file anew.
@Suite("The vectors of meetings") struct MeetingVectorTests {
    private static let file = SharedFolder.packageRoot.appending(path: "docs/vectors/meetings.json")

    @Test("are what this code makes, byte for byte") func same() throws {
        let made = try MeetingVectors().document().file
        if ProcessInfo.processInfo.environment["PHI_WRITE_VECTORS"] == "1" {
            try Data(made.utf8).write(to: Self.file, options: .atomic)
        }
        let written = try String(decoding: Data(contentsOf: Self.file), as: UTF8.self)
        let lines = zip(made.split(separator: "\n"), written.split(separator: "\n"))
        for (number, pair) in lines.enumerated() where pair.0 != pair.1 {
            Issue.record("line \(number + 1) of the file differs")
            return
        }
        #expect(made == written)
    }
}

/// What a reader of the file does with it.
@Suite("A reader of the vectors of meetings") struct MeetingVectorReaderTests {
    private struct File: Decodable {
        struct Secret: Decodable {
            let secret: Hex
            let readCheck: Hex
        }
        struct Link: Decodable {
            let meeting: Hex
            let prefix: String
            let secret: Hex?
            let peers: [Peer]
            let text: String
            let webText: String
        }
        struct Peer: Decodable {
            let address: Hex
            let identity: Hex
        }
        struct Padding: Decodable {
            let content: Int
            let padded: Int
        }
        struct Content: Decodable {
            let encoded: Hex
            let `public`: Hex
            let secret: Hex
            let epoch: UInt16
            let meeting: Hex
            let author: Hex
            let seq: UInt64
            let `private`: Hex
        }
        struct Title: Decodable {
            let title: String
            let secret: Hex?
            let salt: Hex
            let author: Hex
            let seq: UInt64
            let bytes: Hex
        }
        struct Epoch: Decodable {
            struct Member: Decodable {
                let author: Hex
                let agreementSeed: Hex
            }
            let meeting: Hex
            let secret: Hex
            let previousSecret: Hex
            let members: [Member]
            let delivery: Hex
            let bridge: Hex
            let deliveryWithoutHistory: Hex
        }
        struct Record: Decodable {
            let kind: String
            let bytes: Hex
            let id: Hex
        }
        struct Minutes: Decodable {
            let leaves: [Hex]
            let root: Hex
        }
        struct ReceiptText: Decodable {
            let text: String
        }
        let secrets: [Secret]
        let links: [Link]
        let padding: [Padding]
        let contents: [Content]
        let titles: [Title]
        let epoch: Epoch
        let entries: [Record]
        let minutes: Minutes
        let receipts: [ReceiptText]
    }

    private struct Hex: Decodable {
        let bytes: [UInt8]

        init(from decoder: any Decoder) throws {
            let digits = Array(try decoder.singleValueContainer().decode(String.self).utf8)
            bytes = try stride(from: 0, to: digits.count, by: 2).map { place in
                let pair = String(decoding: digits[place..<place + 2], as: UTF8.self)
                return try required(UInt8(pair, radix: 16))
            }
        }

        func value<Value: FixedBytes32>() throws -> Value { try required(Value(bytes)) }
    }

    private let file: File

    init() throws {
        let place = SharedFolder.packageRoot.appending(path: "docs/vectors/meetings.json")
        file = try JSONDecoder().decode(File.self, from: Data(contentsOf: place))
    }

    @Test("finds in each link what it was made of") func links() throws {
        for sample in file.links {
            for text in [sample.text, sample.webText] {
                let link = try MeetingLink(text, prefix: sample.prefix)
                #expect(link.meeting.bytes == sample.meeting.bytes)
                #expect(link.secret?.exposed() == sample.secret?.bytes)
                #expect(link.peers.map(\.address) == sample.peers.map(\.address.bytes))
                #expect(link.peers.map(\.identity.bytes) == sample.peers.map(\.identity.bytes))
            }
        }
        for sample in file.secrets {
            #expect(MeetingSecret(sample.secret.bytes)?.readCheck.bytes == sample.readCheck.bytes)
        }
        for sample in file.padding {
            #expect(Padme.length(for: sample.content + 1) == sample.padded)
        }
    }

    @Test("opens each sealed content and title") func contents() throws {
        for sample in file.contents {
            let content = try MessageContent(decoding: sample.encoded.bytes)
            #expect(try content.encoded() == sample.encoded.bytes)
            #expect(try PublicContent.content(of: sample.public.bytes) == content)
            let sealed = try SealedContent(decoding: sample.private.bytes)
            #expect(sealed.epoch == sample.epoch)
            let place = MessagePlace(
                meeting: try sample.meeting.value(),
                author: try sample.author.value(),
                sequence: sample.seq
            )
            let secret = try required(MeetingSecret(sample.secret.bytes))
            #expect(try sealed.open(with: secret, at: place) == content)
        }
        for sample in file.titles {
            let terms = MeetingTerms(
                salt: sample.salt.bytes,
                reading: sample.secret == nil ? .everyone : .secretHolders,
                writing: .anyone,
                linkKey: .zero,
                readCheck: .zero,
                lifetime: 0,
                title: sample.bytes.bytes
            )
            let title = try MeetingTitle.decode(
                terms,
                openedWith: sample.secret.flatMap { MeetingSecret($0.bytes) },
                author: sample.author.value(),
                sequence: sample.seq
            )
            #expect(title == sample.title)
        }
    }

    @Test("learns the new epoch's secret, and by the bridge the old one's") func epoch() throws {
        let sample = file.epoch
        let secret = try required(MeetingSecret(sample.secret.bytes))
        let old = try required(MeetingSecret(sample.previousSecret.bytes))
        func epochs() throws -> Epochs {
            var epochs = Epochs(meeting: try sample.meeting.value(), readCheck: old.readCheck)
            try epochs.announce(secret.readCheck)
            return epochs
        }
        for (bytes, knowsOld) in [
            (sample.delivery.bytes, true), (sample.deliveryWithoutHistory.bytes, false),
        ] {
            let delivery = try delivery(bytes)
            for member in sample.members {
                var epochs = try epochs()
                let key = try AgreementKey(seed: member.agreementSeed.bytes)
                try epochs.learn(delivery, author: member.author.value(), key: key)
                #expect(epochs.secret(of: 1) == secret)
                #expect(epochs.secret(of: 0) == (knowsOld ? old : nil))
            }
        }
        var newcomer = try epochs()
        try newcomer.learn(secret)
        try newcomer.learnPrevious(delivery(sample.bridge.bytes))
        #expect(newcomer.secret(of: 0) == old)
    }

    private func delivery(_ bytes: [UInt8]) throws -> EpochDelivery {
        guard case .epoch(let delivery) = try MessageContent(decoding: bytes) else {
            throw Missing()
        }
        return delivery
    }

    @Test("finds every kind of entry, each with its place in the ledger") func entries() throws {
        let vectors = try MeetingVectors()
        var state = LedgerState(over: StateTable(), parameters: vectors.network.parameters)
        for sample in file.entries {
            let entry = try Entry(decoding: sample.bytes.bytes, payloadLimit: 32_768)
            #expect(entry.id.bytes == sample.id.bytes)
            #expect(entry.kind.name == sample.kind)
            let valid = try ValidEntry(judging: entry, on: vectors.network)
            try state.apply(valid, at: Height(10))
        }
        #expect(Set(file.entries.map(\.kind)) == Set(EntryKind.allCases.map(\.name)))
        let leaves = try file.minutes.leaves.map { try $0.value() as Digest }
        #expect(MerkleTree.root(ofLeaves: leaves).bytes == file.minutes.root.bytes)
    }

    @Test("accepts each receipt") func receipts() throws {
        for sample in file.receipts {
            _ = try ReceiptVerifier.verify(try Receipt(sample.text))
        }
    }
}
