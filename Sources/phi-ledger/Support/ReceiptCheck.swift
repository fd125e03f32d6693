import PhiAPI
import PhiCrypto
import PhiLedger
import PhiMeetings

/// What became of one receipt.
struct ReceiptCheck {
    /// Bytes that are read of a file at most; more than any receipt has.
    static let byteLimit = 4 << 20

    private let file: String
    private let result: Result<ReceiptVerdict, Refusal>

    private struct Refusal: Error {
        let reason: String
        let rule: String
    }

    static func judge(_ bytes: [UInt8], file: String, trusted: Digest?) -> ReceiptCheck {
        do throws(ReceiptFailure) {
            let verdict = try ReceiptVerifier.verify(bytes, trusting: trusted)
            return ReceiptCheck(file: file, result: .success(verdict))
        } catch {
            let name = String(String(describing: error).prefix { $0 != "(" })
            let refusal = Refusal(reason: error.sentence, rule: name)
            return ReceiptCheck(file: file, result: .failure(refusal))
        }
    }

    static func refused(_ file: String, reason: String) -> ReceiptCheck {
        ReceiptCheck(file: file, result: .failure(Refusal(reason: reason, rule: "tooLong")))
    }

    var isValid: Bool { (try? result.get()) != nil }

    /// The entry that a valid receipt is of.
    var entry: Digest? { try? result.get().id }

    /// Why the receipt is refused, if it is.
    var reason: String? {
        guard case .failure(let refusal) = result else { return nil }
        return refusal.reason
    }

    var json: JSON {
        switch result {
        case .failure(let refusal):
            return [
                "file": .string(file), "valid": false, "reason": .string(refusal.reason),
                "rule": .string(refusal.rule),
            ]
        case .success(let verdict):
            let meeting = verdict.meeting.isZero ? verdict.id : verdict.meeting
            return [
                "file": .string(file), "valid": true, "entry": .string(verdict.id.hex),
                "kind": .string(Self.kind(verdict.kind)), "meeting": .string(meeting.hex),
                "author": .string(verdict.author.hex),
                "seq": .integer(Int64(clamping: verdict.sequence)),
                "block": .string(verdict.block.hex),
                "height": .integer(Int64(verdict.height.rawValue)),
                "chain": .string(verdict.chain.hex),
                "notBefore": verdict.notBefore.map { .integer(Int64($0.milliseconds)) } ?? .null,
                "notAfter": .integer(Int64(clamping: verdict.notAfter.milliseconds)),
                "confirmations": .integer(Int64(clamping: verdict.confirmations)),
                "workInFile": .string(verdict.workInFile.hex),
                "workClaimedOnTop": .string(verdict.workClaimedOnTop.hex),
                "last": .string(verdict.last.hex), "trusted": .bool(verdict.isTrusted),
                "payload": .bool(verdict.hasPayload), "reason": .null,
            ]
        }
    }

    /// The verdict for people; the file's name stands before it where there are several.
    func text(_ namesFile: Bool) -> String {
        let console = Console(isJSON: false)
        switch result {
        case .failure(let refusal):
            let word = console.styled("REFUSED", .yellow)
            return "\(Wording.safe(file)): \(word): \(refusal.reason)"
        case .success(let verdict):
            let word = console.styled("VALID", .green)
            let head = namesFile ? "\(Wording.safe(file)): \(word)" : word
            let notBefore =
                verdict.notBefore.map { "after \(Wording.time($0))" } ?? "not proved how late"
            return """
                \(head)
                  entry    \(verdict.id.hex) (\(Self.kind(verdict.kind)))
                  author   \(verdict.author.hex)
                  meeting  \((verdict.meeting.isZero ? verdict.id : verdict.meeting).hex)
                  signed   \(notBefore), before \(Wording.time(verdict.notAfter))
                  block    \(verdict.block.hex), height \(verdict.height)
                  work     0x\(verdict.workInFile.hex) hashes in this file, \
                \(verdict.confirmations) confirmations
                  chain    \(verdict.chain.hex)
                  last     \(verdict.last.hex)\(verdict.isTrusted ? ", trusted" : "")
                  content  \(verdict.hasPayload ? "in the file, and it matches" : "not in the file")
                """
        }
    }

    private static func kind(_ number: UInt16) -> String {
        EntryKind(rawValue: number)?.name ?? "kind-\(number)"
    }
}
