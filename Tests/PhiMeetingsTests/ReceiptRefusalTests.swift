import PhiConsensus
import PhiCrypto
import PhiLedger
import Testing

@testable import PhiMeetings

/// A receipt that breaks one rule, and the rule.
struct Refusal: Sendable, CustomTestStringConvertible {
    let rule: String
    let bytes: @Sendable () throws -> [UInt8]

    init(_ rule: String, _ text: @escaping @Sendable () throws -> String) {
        self.rule = rule
        bytes = { Array(try text().utf8) }
    }

    init(_ rule: String, bytes: @escaping @Sendable () throws -> [UInt8]) {
        self.rule = rule
        self.bytes = bytes
    }

    var testDescription: String { rule }
}

@Suite("A receipt that breaks one rule") struct ReceiptRefusalTests {
    @Test("is refused by that rule", arguments: texts + parts + entries + chains)
    func refused(refusal: Refusal) throws {
        let bytes = try refusal.bytes()
        do {
            _ = try ReceiptVerifier.verify(bytes)
            Issue.record("the receipt is accepted")
        } catch let failure {
            #expect(caseName(failure) == refusal.rule)
        }
    }

    static let texts = [
        Refusal("tooLong") { try plain() + String(repeating: "x", count: Receipt.byteLimit) },
        Refusal("tooManyLines") {
            try plain().replacing(
                "index",
                with: String(repeating: "a\n", count: Receipt.lineLimit) + "index"
            )
        },
        Refusal("notUTF8", bytes: { Array(try plain().utf8) + [0xff] }),
        Refusal("otherTitle") { try "phi-receipt/v2" + plain().dropFirst(14) },
        Refusal("otherTitle") { "" },
        Refusal("lineCount") { "phi-receipt/v1\n" },
        Refusal("lineCount") { try plain().replacing("index 1", with: "index 1\nindex 1") },
        Refusal("lineCount") { try plain().replacing("tip ", with: "tip x\ntip ") },
        Refusal("notBase64") { try plain().replacing("genesis ", with: "genesis  ") },
        Refusal("notBase64") { try plain().replacing("genesis AQ", with: "genesis -Q") },
        Refusal("notNumber") { try plain().replacing("index 1", with: "index 01") },
        Refusal("notNumber") { try plain().replacing("index 1", with: "index +1") },
        Refusal("notNumber") { try plain().replacing("index 1", with: "index ") },
        Refusal("notNumber") {
            try plain().replacing("index 1", with: "index 99999999999999999999")
        },
    ]

    static let parts = [
        Refusal("byteCount") { try laboratory().text(.entry) { $0.removeLast() } },
        Refusal("byteCount") { try laboratory().text(.proof) { $0.append(0) } },
        Refusal("header") { try laboratory().text(.header) { $0[0] = 2 } },
        Refusal("parameters") { try laboratory().text(.parameters) { $0[0] = 2 } },
        Refusal("parameters") { try laboratory().text(.parameters) { $0[32] = 2 } },
        Refusal("targetLimit") { try laboratory().text(.parameters) { $0[30] = 159 } },
        Refusal("targetLimit") { try laboratory().text(.parameters) { $0[31] = 1 } },
        Refusal("zeroSpan") {
            try laboratory().text(.parameters) { bytes in
                for place in 2..<6 { bytes[place] = 0 }
            }
        },
        Refusal("otherParameters") { try laboratory().text(.parameters) { $0[26] ^= 1 } },
        Refusal("genesisHeight") {
            try laboratory().text(.genesis, header: { $0.height = Height(1) })
        },
        Refusal("target") { try laboratory().text(.header, header: { $0.bits = 0x2200_8000 }) },
        Refusal("proofOfWork") {
            try laboratory().text(.header) { bytes in
                repeat {
                    bytes[150] &+= 1
                } while SHA256.doubleHash(bytes) < Target.powerOfTwo(255).digest
            }
        },
    ]

    static let entries = [
        Refusal("entryVersion") { try laboratory().text(.entry) { $0[0] = 2 } },
        Refusal("otherChain") { try laboratory().text(.entry) { $0[8] ^= 1 } },
        Refusal("signature") { try laboratory().text(.entry) { $0[164] ^= 1 } },
        Refusal("payloadOverLimit") {
            try ReceiptLaboratory(changeDraft: {
                $0.payload += [UInt8](repeating: 0, count: 40_000)
            }).receipt().text
        },
        Refusal("stampBelowMinimum") {
            try ReceiptLaboratory(changeEntry: { $0.restamped(work: 0, nonce: 0) })
                .receipt().text
        },
        Refusal("stampFails") {
            try ReceiptLaboratory(changeEntry: { $0.restamped(work: 1 << 60, nonce: 0) })
                .receipt().text
        },
        Refusal("payloadByteCount") { try laboratory().text(.payload) { $0.append(0) } },
        Refusal("payloadHash") { try laboratory().text(.payload) { $0[20] ^= 1 } },
        Refusal("path") { try plain().replacing("index 1", with: "index 3") },
        Refusal("path") { try plain().replacing("index 1", with: "index 2") },
        Refusal("notInBlock") { try plain().replacing("index 1", with: "index 0") },
        Refusal("notInBlock") { try laboratory().text(.proof) { $0[0] ^= 1 } },
        Refusal("anchorNotBelow") {
            try ReceiptLaboratory(changeDraft: { $0.anchorHeight = Height(4) }).receipt().text
        },
        Refusal("expired") {
            try ReceiptLaboratory(changeBlock: { $0.height = Height(13) }).receipt().text
        },
        Refusal("otherAnchor") {
            try laboratory().text(.anchor, header: { $0.nonce += 1 })
        },
        Refusal("otherAnchor") {
            try ReceiptLaboratory(changeDraft: { $0.anchorHeight = Height(1) }).receipt().text
        },
        Refusal("anchorPath") { try plain().replacing("aproof ", with: "unknown ") },
        Refusal("notAncestor") { try laboratory().text(.anchorProof) { $0[0] ^= 1 } },
    ]

    static let chains = [
        Refusal("notLinked") {
            try laboratory().text(.confirm, header: { $0.height = Height(6) })
        },
        Refusal("notLinked") { try laboratory().text(.confirm, header: { $0.previous = .zero }) },
        Refusal("tooSoon") {
            try laboratory().text(
                .confirm,
                header: { $0.time = Timestamp(milliseconds: Laboratory.startTime + 4_000) }
            )
        },
        Refusal("tooSoon") {
            try laboratory().text(.confirm, header: { $0.time = Timestamp(milliseconds: 0) })
        },
        Refusal("idle") { try laboratory().text(.confirm, header: { $0.idle += 1 }) },
        Refusal("idle") {
            try laboratory().text(
                .confirm,
                header: { $0.time = Timestamp(milliseconds: .max) }
            )
        },
        Refusal("bits") {
            try laboratory().text(.confirm, header: { $0.bits = Target.powerOfTwo(254).compact })
        },
        Refusal("difficulty") {
            try ReceiptLaboratory(changeBlock: { $0.idle = .max }).receipt().text
        },
        Refusal("difficulty") {
            try ReceiptLaboratory(changeBlock: { $0.time = Timestamp(milliseconds: 1 << 60) })
                .receipt().text
        },
        Refusal("chainWork") {
            try laboratory().text(
                .confirm,
                header: { $0.chainWork = Work(rawValue: $0.chainWork.rawValue + 1) }
            )
        },
        Refusal("chainWork") {
            try ReceiptLaboratory(changeBlock: { $0.chainWork = Work(rawValue: .max) })
                .receipt().text
        },
        Refusal("tipPath") { try plain().replacing("hproof ", with: "unknown ") },
        Refusal("notInHistory") { try laboratory().text(.tipProof) { $0[0] ^= 1 } },
        Refusal("tipWork") { try laboratory().text(.tip, header: { $0.chainWork = .zero }) },
    ]

    private static func laboratory() throws -> ReceiptLaboratory { try ReceiptLaboratory() }

    private static func plain() throws -> String { try laboratory().receipt().text }
}
