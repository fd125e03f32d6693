import PhiCrypto
import PhiLedger
import PhiTesting

@testable import PhiMeetings

extension FuzzTarget {
    /// Receipts as texts from anywhere, and right ones with something changed.
    static let receipts = FuzzTarget(
        "receipts",
        "receipts: reading, judging, writing again; a right one with a changed byte is refused",
        byteLimit: 12_288,
        memory: MemoryBound(base: 524_288, perByte: 64),
        seeds: {
            let texts = Samples.receipts.map { [0] + Array($0.text.utf8) }
            return texts + (0..<24).map { [1, UInt8($0), UInt8($0 * 7), UInt8($0 * 11), 0x40] }
        },
        transcript: { transcript($0) },
        run: { input in
            var supply = Supply(input)
            guard supply.flag() else { return judge(supply.rest()) }
            change(&supply)
        }
    )

    private static func judge(_ bytes: [UInt8]) {
        guard let receipt = try? Receipt(decoding: bytes) else { return }
        let text = receipt.text
        claimEqual(try? Receipt(text), receipt, "a receipt written again")
        guard let verdict = try? ReceiptVerifier.verify(receipt) else { return }
        claimEqual(try? ReceiptVerifier.verify(text), verdict, "the verdict on the same text")
        claimEqual(verdict.id, ReceiptEnvelope(receipt.envelope).id, "the id of a verdict")
        claimEqual(verdict.chain, receipt.genesis.hash, "the chain of a verdict")
        claim(verdict.workInFile >= .zero) { "work is counted" }
    }

    /// Changes one byte below the base64 of one line that other lines commit to.
    private static func change(_ supply: inout Supply) {
        let receipts = Samples.receipts.filter { $0.anchor != nil }
        let receipt = receipts[supply.choice(receipts.count)]
        claim((try? ReceiptVerifier.verify(receipt)) != nil) { "a sample receipt is right" }
        var lines = receipt.text.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        let bound: Set<String> = [
            "parameters", "genesis", "entry", "payload", "header", "proof", "anchor", "aproof",
            "hproof",
        ]
        let places = lines.indices.filter { index in
            bound.contains(String(lines[index].prefix { $0 != " " }))
        }
        let place = places[supply.choice(places.count)]
        let words = lines[place].split(separator: " ")
        guard words.count == 2, var bytes = Base64Text.padded.decode(words[1].utf8) else { return }
        let offset = Int(supply.integer(as: UInt16.self)) % bytes.count
        let difference = supply.byte()
        guard difference != 0 else { return }
        bytes[offset] ^= difference
        lines[place] = words[0] + " " + Base64Text.padded.encode(bytes)
        claim((try? ReceiptVerifier.verify(lines.joined(separator: "\n"))) == nil) {
            "a receipt whose \(words[0]) has a changed byte \(offset) is refused"
        }
    }

    /// `receipt valid|invalid TEXT` with the text in hexadecimal digits.
    private static func transcript(_ input: [UInt8]) -> String? {
        guard let first = input.first, first & 1 == 0 else { return nil }
        let text = Array(input.dropFirst())
        let isValid = (try? ReceiptVerifier.verify(text)) != nil
        let digits = text.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "receipt \(isValid ? "valid" : "invalid") \(digits.joined())"
    }
}
