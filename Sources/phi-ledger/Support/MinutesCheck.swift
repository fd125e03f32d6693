import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger
import PhiMeetings

/// What became of one file of minutes.
struct MinutesCheck {
    private let file: String
    private let result: Result<MinutesFileVerdict, MinutesFileFailure>

    /// Judges all that an open file gives.
    static func judge(
        _ descriptor: Int32,
        file: String,
        trusted: Digest?
    ) throws(FileFailure) -> MinutesCheck {
        var verifier = MinutesFileVerifier(trusting: trusted)
        while let part = try PrivateFile.readPart(descriptor, file) {
            do { try verifier.take(part) } catch {
                return MinutesCheck(file: file, result: .failure(error))
            }
        }
        do {
            return MinutesCheck(file: file, result: .success(try verifier.finish()))
        } catch { return MinutesCheck(file: file, result: .failure(error)) }
    }

    var isValid: Bool { (try? result.get()) != nil }

    var json: JSON {
        switch result {
        case .failure(let failure):
            return [
                "file": .string(file), "valid": false, "reason": .string(failure.sentence),
                "rule": .string(failure.rule),
            ]
        case .success(let verdict):
            let minutes = verdict.minutes
            return [
                "file": .string(file), "valid": true, "meeting": .string(minutes.meeting.hex),
                "host": .string(minutes.host.hex), "chain": .string(minutes.chain.hex),
                "entries": .integer(Int64(clamping: minutes.digest.count)),
                "root": .string(minutes.digest.root.hex),
                "close": minutes.close.isZero ? .null : .string(minutes.close.hex),
                "erased": .integer(Int64(clamping: minutes.erasedCount)),
                "approvedBy": .array(minutes.approvedBy.map { .string($0.hex) }),
                "receipts": .array(minutes.receipts.map(Self.json)),
                "provedComplete": .bool(minutes.isProvedComplete),
                "trusted": .bool(verdict.isTrusted),
                "secrets": .integer(Int64(verdict.secretCount)),
                "keys": .integer(Int64(verdict.keyCount)), "reason": .null,
            ]
        }
    }

    private static func json(_ receipt: ReceiptVerdict) -> JSON {
        [
            "entry": .string(receipt.id.hex), "author": .string(receipt.author.hex),
            "block": .string(receipt.block.hex),
            "height": .integer(Int64(receipt.height.rawValue)),
            "notAfter": .integer(Int64(clamping: receipt.notAfter.milliseconds)),
            "workInFile": .string(receipt.workInFile.hex), "last": .string(receipt.last.hex),
        ]
    }

    /// The verdict for people; the file's name stands before it where there are several.
    func text(_ namesFile: Bool) -> String {
        let console = Console(isJSON: false)
        switch result {
        case .failure(let failure):
            let word = console.styled("REFUSED", .yellow)
            return "\(Wording.safe(file)): \(word): \(failure.sentence)"
        case .success(let verdict):
            let word = console.styled("VALID", .green)
            let head = namesFile ? "\(Wording.safe(file)): \(word)" : word
            return ([head] + Self.facts(verdict) + Self.meaning(verdict)).joined(separator: "\n")
        }
    }

    private static func facts(_ verdict: MinutesFileVerdict) -> [String] {
        let minutes = verdict.minutes
        let erased = minutes.erasedCount == 0 ? "" : ", \(minutes.erasedCount) without their text"
        let end = minutes.close.isZero ? "by its lifetime" : "by its host, \(minutes.close.hex)"
        var lines = [
            "  meeting  \(minutes.meeting.hex)",
            "  host     \(minutes.host.hex)",
            "  entries  \(minutes.digest.count)\(erased), root \(minutes.digest.root.hex)",
            "  ended    \(end)",
        ]
        for author in minutes.approvedBy {
            lines.append("  signed   by \(author.hex)\(author == minutes.host ? ", the host" : "")")
        }
        for receipt in minutes.receipts {
            lines.append(
                "  receipt  block \(receipt.block.hex), height \(receipt.height), before "
                    + "\(Wording.time(receipt.notAfter)), last \(receipt.last.hex)"
            )
        }
        lines.append("  chain    \(minutes.chain.hex)\(verdict.isTrusted ? ", trusted" : "")")
        return lines
    }

    private static func meaning(_ verdict: MinutesFileVerdict) -> [String] {
        let minutes = verdict.minutes
        let complete =
            if minutes.isProvedComplete {
                "Nothing is missing: a block holds an approval of exactly these entries, which "
                    + "every node would have refused otherwise"
                    + (verdict.isTrusted ? "." : ", if this is the chain you mean.")
            } else if !minutes.approvedBy.isEmpty {
                "That nothing is missing is the word of those who signed; no receipt proves it."
            } else {
                "Nobody signed that nothing is missing: the end, or authors, may be left out."
            }
        var lines = [
            "  proves   Each author signed these entries, in this order of their own.",
            "           \(complete)",
            "  does not Say which persons hold these keys, or when a text was written: times are",
            "           those of each author's own clock.",
        ]
        if verdict.secretCount + verdict.keyCount > 0 {
            lines.append("  caution  Whoever has this file can read texts of a private meeting.")
        }
        return lines
    }
}
