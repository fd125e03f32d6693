import Foundation
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@testable import PhiMeetings

@Suite("A receipt") struct ReceiptTests {
    static let samples = ["r1.phi", "r2-erased.phi", "r3-tip.phi", "r4-one-entry.phi"]

    @Test(
        "of the vectors is valid and prints as it was",
        arguments: samples + samples.map { "dev/" + $0 }
    )
    func vectors(name: String) throws {
        guard let data = SharedFolder.data("vectors/phi/" + name) else { return }
        let verdict = try ReceiptVerifier.verify(Array(data))
        #expect(verdict.hasPayload == !name.hasSuffix("r2-erased.phi"))
        #expect(verdict.confirmations >= 1)
        let text = String(decoding: data, as: UTF8.self)
        #expect(try Receipt(text).text == text)
    }

    @Test("of the vectors says what the reference says")
    func firstVector() throws {
        guard let data = SharedFolder.data("vectors/phi/r1.phi") else { return }
        let verdict = try ReceiptVerifier.verify(Array(data))
        #expect(verdict.height == Height(9))
        #expect(verdict.sequence == 8)
        #expect(verdict.confirmations == 4)
        #expect(verdict.notBefore?.milliseconds == 1_760_000_060_000)
        #expect(verdict.notAfter.milliseconds == 1_760_000_090_000)
        #expect(verdict.workInFile == Work(rawValue: 4 * 0xfffff))
        #expect(verdict.workClaimedOnTop == Work(rawValue: 3 * 0xfffff))
        #expect(verdict.isTrusted == false)
    }

    @Test("is refused when a bit of any byte of any field is flipped", arguments: samples)
    func flippedBits(name: String) throws {
        guard let data = SharedFolder.data("vectors/phi/" + name) else { return }
        let original = ReceiptText(String(decoding: data, as: UTF8.self))
        var tried = 0
        for index in original.lines.indices {
            let parts = original.lines[index].split(separator: " ")
            guard parts.count == 2, parts[0] != "index" else { continue }
            let bytes = try required(Base64Text.padded.decode(parts[1].utf8))
            for place in bytes.indices {
                var changed = bytes
                changed[place] ^= 1 << UInt8((place + index) % 8)
                var text = original
                text.lines[index] = "\(parts[0]) \(Base64Text.padded.encode(changed))"
                tried += 1
                #expect(throws: ReceiptFailure.self) { try ReceiptVerifier.verify(text.text) }
            }
        }
        #expect(tried > 600)
    }

    @Test("is refused when a line that it needs is missing", arguments: samples)
    func missingLines(name: String) throws {
        guard let data = SharedFolder.data("vectors/phi/" + name) else { return }
        let original = ReceiptText(String(decoding: data, as: UTF8.self))
        let optional = ["payload", "confirm", "tip", "hproof", "anchor", "aproof", ""]
        for (index, line) in original.lines.enumerated() {
            guard let word = line.split(separator: " ").first.map(String.init),
                !optional.contains(word)
            else { continue }
            var text = original
            text.lines.remove(at: index)
            #expect(throws: ReceiptFailure.self) { try ReceiptVerifier.verify(text.text) }
        }
    }

    @Test("made from a chain is valid, with and without its options")
    func made() throws {
        let laboratory = try ReceiptLaboratory()
        let receipt = laboratory.receipt()
        let verdict = try ReceiptVerifier.verify(receipt.text)
        #expect(verdict.id == laboratory.entries[1].id)
        #expect(verdict.confirmations == 5)
        #expect(try Receipt(receipt.text) == receipt)
        for key in ["payload", "anchor", "confirm", "tip"] {
            var text = ReceiptText(receipt.text)
            text.lines.removeAll { $0.hasPrefix(key + " ") }
            #expect(throws: Never.self) { try ReceiptVerifier.verify(text.text) }
        }
    }

    @Test("is read through every way in which files end lines")
    func lineEnds() throws {
        let text = try ReceiptLaboratory().receipt().text
        for end in ["\r\n", "\r"] {
            let carried = text.replacingOccurrences(of: "\n", with: end)
            #expect(throws: Never.self) { try ReceiptVerifier.verify(carried) }
        }
    }

    @Test("passes over lines that it does not know, and keeps a note below")
    func unknownLines() throws {
        var text = ReceiptText(try ReceiptLaboratory().receipt().text)
        text.lines.insert("color blue", at: 3)
        text.lines.insert(" leading space", at: 3)
        text.lines.insert("Entry x", at: 3)
        text.lines.insert("unknown", at: 3)
        text.lines.append("ots AAAA")
        let receipt = try Receipt(text.text)
        #expect(receipt.note == "\nots AAAA")
        #expect(throws: Never.self) { try ReceiptVerifier.verify(receipt) }
    }

    @Test("is trusted when a block of it is the trusted one, and refused when none is")
    func trust() throws {
        let laboratory = try ReceiptLaboratory()
        let receipt = laboratory.receipt()
        for height in [4, 5, 6, 8] {
            let hash = laboratory.chain.headers[height].hash
            #expect(try ReceiptVerifier.verify(receipt, trusting: hash).isTrusted)
        }
        for height in [0, 2, 3, 7] {
            let hash = laboratory.chain.headers[height].hash
            #expect(throws: ReceiptFailure.trustedBlockAbsent(hash)) {
                try ReceiptVerifier.verify(receipt, trusting: hash)
            }
        }
    }

    @Test("of a kind that nobody knows yet is valid")
    func unknownKind() throws {
        let laboratory = try ReceiptLaboratory()
        let key = try Laboratory.key(1)
        let known = laboratory.entries[1]
        var bytes = Array(known.bytes[..<Entry.identifiedByteCount])
        bytes[2] = 9
        let id = SHA256.hash(bytes, in: bytes.indices, prefixedBy: Domain.entryID)
        bytes += try key.sign(Domain.entrySignature + id.bytes).bytes
        bytes += [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let header = try laboratory.chain.child([]) {
            $0.entryCount = 1
            $0.entriesRoot = MerkleTree.leaf(bytes)
        }
        var text = ReceiptText(laboratory.receipt().text)
        let optional = ["payload", "proof", "anchor", "confirm", "tip"]
        text.lines.removeAll { line in optional.contains { line.hasPrefix($0 + " ") } }
        try text.set(.entry, bytes)
        try text.set(.header, header.encoded)
        text.lines[try text.index(.index)] = "index 0"
        #expect(try ReceiptVerifier.verify(text.text).kind == 9)
    }
}
