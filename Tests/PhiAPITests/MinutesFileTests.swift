import Foundation
import PhiAPI
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import Testing

@Suite("A file of minutes") struct MinutesFileTests {
    private let whole: MinutesSample
    private let least: MinutesSample

    init() throws {
        whole = try MinutesSample("whole")
        least = try MinutesSample("least")
    }

    private func failure(
        _ text: String,
        _ limits: MinutesFileLimits = MinutesFileLimits()
    ) -> MinutesFileFailure? {
        guard case .failure(let failure) = MinutesFileVerifier.judge(text, limits: limits) else {
            return nil
        }
        return failure
    }

    @Test("shows what was said, who signed, and whether that is proved")
    func verdicts() throws {
        let verdict = try MinutesFileVerifier.judge(whole.text).get()
        #expect(verdict.minutes.digest.count == 6)
        #expect(verdict.minutes.erasedCount == 0)
        #expect(verdict.minutes.approvedBy == [verdict.minutes.host])
        #expect(verdict.minutes.isProvedComplete)
        #expect(verdict.secretCount == 2)
        #expect(!verdict.isTrusted)
        let poor = try MinutesFileVerifier.judge(least.text).get()
        #expect(poor.minutes.digest == verdict.minutes.digest)
        #expect(poor.minutes.erasedCount == 1)
        #expect(poor.minutes.approvedBy.isEmpty)
        #expect(!poor.minutes.isProvedComplete)
        #expect(poor.secretCount == 0)
    }

    @Test("gives the same verdict as lines and in a page, in pieces of any size")
    func forms() throws {
        let expected = MinutesFileVerifier.judge(whole.text)
        let texts = [
            whole.text, whole.page, String(whole.text.dropLast()), "\u{FEFF}" + whole.text,
            "\n \r\n" + whole.text, whole.lines.joined(separator: "\r\n"),
            whole.lines.joined(separator: "\n\n"), whole.page.replacing("\n</script>", with: ""),
            whole.page + whole.page, "</script>" + whole.page,
        ]
        for text in texts.prefix(7) + texts.suffix(2) {
            for pieces in [1, 2, 3, 7, 64, 1 << 20] {
                #expect(MinutesFileVerifier.judge(text, pieces: pieces) == expected)
            }
        }
    }

    @Test("is no minutes when it is cut, empty or something else")
    func framing() {
        #expect(failure("") == .empty)
        #expect(failure(" \n\r\n\t") == .empty)
        #expect(failure("<html></html>") == .otherFormat)
        #expect(failure("phi-receipt/v1\n") == .otherFormat)
        #expect(failure(#"{"format":"phi-minutes/v2"}"#) == .otherFormat)
        #expect(
            failure(#"{"secret":{"secret":"\#(String(repeating: "0", count: 64))"}}"#)
                == .otherFormat
        )
        #expect(failure(whole.lines.dropFirst().joined(separator: "\n")) == .otherFormat)
        #expect(failure(#"{"format":"phi-minutes/v1"}"#) == .minutes(.empty))
        let page = whole.page
        let end = page.range(of: "</script><script>otherwise")?.lowerBound ?? page.endIndex
        #expect(failure(String(page[..<end])) == .cutOff)
        #expect(failure(page.replacing("phi-minutes\">", with: "phi-minutes2\">")) == .otherFormat)
        let open = #"<script type="application/x-ndjson" id="phi-minutes">"#
        #expect(failure(open + "</script>") == .empty)
        #expect(failure(open) == .cutOff)
    }

    @Test("is refused one byte, line, record or receipt past its limits, and not before")
    func limits() throws {
        for text in [whole.text, whole.page] {
            var limits = MinutesFileLimits()
            limits.byteCount = text.utf8.count
            #expect(failure(text, limits) == nil)
            limits.byteCount -= 1
            #expect(failure(text, limits) == .tooLong(limit: limits.byteCount))
        }
        let longest = whole.lines.map(\.utf8.count).max() ?? 0
        let place = (whole.lines.firstIndex { $0.utf8.count == longest } ?? 0) + 1
        let pages = [
            whole.text, whole.page.replacing("phi-minutes\">\n", with: "phi-minutes\">"),
        ]
        for text in pages {
            var limits = MinutesFileLimits()
            limits.lineByteCount = longest
            #expect(failure(text, limits) == nil)
            limits.lineByteCount -= 1
            #expect(failure(text, limits) == .lineTooLong(line: place, limit: longest - 1))
        }
        var limits = MinutesFileLimits()
        limits.recordCount = 6
        limits.receiptCount = 1
        #expect(failure(whole.text, limits) == nil)
        limits.recordCount = 5
        #expect(failure(whole.text, limits) == .tooManyRecords(limit: 5))
        limits = MinutesFileLimits()
        limits.receiptCount = 0
        #expect(failure(whole.text, limits) == .tooManyReceipts(limit: 0))
    }

    @Test("bounds the last line of a page without the tag behind it")
    func lastLine() throws {
        let open = #"<script type="application/x-ndjson" id="phi-minutes">"#
        var lines = least.lines
        lines.append(#"{"later":"\#(String(repeating: "x", count: 4_000))"}"#)
        var limits = MinutesFileLimits()
        limits.lineByteCount = lines.last?.utf8.count ?? 0
        let page = open + lines.joined(separator: "\n") + "</script>"
        #expect(failure(page, limits) == nil)
        limits.lineByteCount -= 1
        #expect(failure(page, limits) != nil)
    }

    @Test(
        "is refused with a line that is not as its name says",
        arguments: [
            "{", "x", "[]", "{}", "null", "\"record\"", #"{"a":1,"b":2}"#, #"{"a":1,"a":2}"#,
            #"{"record":1}"#, #"{"record":{}}"#, #"{"record":{"envelope":1}}"#,
            #"{"record":{"envelope":""}}"#, #"{"record":{"envelope":"AAAA"}}"#,
            #"{"record":{"payload":"AAAA"}}"#, #"{"approval":null}"#, #"{"receipt":null}"#,
            #"{"receipt":{}}"#, #"{"secret":null}"#, #"{"secret":{"secret":"00"}}"#,
            #"{"key":{}}"#, #"{"key":{"key":"\#(String(repeating: "A", count: 64))"}}"#,
            #"{"key":{"key":"\#(String(repeating: "0", count: 62))"}}"#, #"{"later":1} x"#,
        ]
    )
    func malformed(line: String) {
        for place in [1, 3, whole.lines.count] {
            var sample = whole
            sample.lines.insert(line, at: place)
            switch failure(sample.text) {
            case .notJSON(let number, _)?, .notOneMember(let number)?,
                .malformed(let number, _)?:
                #expect(number == place + 1)
            case let other: Issue.record("\(String(describing: other))")
            }
        }
    }

    @Test("is refused with a member more in a record, or another kind of payload")
    func strictRecords() {
        for (old, new) in [
            ("\"payload\":", "\"other\":"), ("\"payload\":\"", "\"payload\":\"="),
            ("{\"envelope\":\"", "{\"envelope\":\"="), ("{\"envelope\":", "{\"x\":1,\"envelope\":"),
        ] {
            var sample = whole
            sample.lines[1] = sample.lines[1].replacing(old, with: new, maxReplacements: 1)
            #expect(failure(sample.text) == .malformed(line: 2, member: "record"))
        }
    }

    @Test("may have lines of later versions, and a format named twice")
    func laterLines() throws {
        var sample = whole
        sample.lines.insert(#"{"later":{"record":[1.5,null]}}"#, at: 2)
        sample.lines.insert(#"{"format":"anything"}"#, at: 1)
        #expect(MinutesFileVerifier.judge(sample.text) == MinutesFileVerifier.judge(whole.text))
    }

    @Test(
        "is refused with a record left out, said twice, out of order, or erased where it may not be"
    )
    func records() throws {
        let records = whole.places(of: "record")
        #expect(records.count == 6)
        for place in records {
            var without = whole
            without.lines.remove(at: place)
            #expect(failure(without.text) != nil, "without line \(place + 1)")
            var twice = whole
            twice.lines.insert(twice.lines[place], at: place)
            #expect(failure(twice.text) != nil, "line \(place + 1) twice")
            guard records.contains(place + 1) else { continue }
            var swapped = whole
            swapped.lines.swapAt(place, place + 1)
            #expect(failure(swapped.text) != nil, "lines \(place + 1) and \(place + 2) swapped")
        }
        var below = whole
        below.lines.append(below.lines[records[2]])
        #expect(failure(below.text) == .minutes(.recordTooLate))
        var open = whole
        open.lines.remove(at: records[5])
        #expect(failure(open.text) == .minutes(.notEnded))
    }

    @Test("is refused with any record changed")
    func changes() throws {
        var random = SeededRandom(seed: 5)
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for place in whole.places(of: "record") {
            for _ in 0..<40 {
                var sample = whole
                var line = Array(sample.lines[place].utf8)
                let spot = Int.random(in: 23..<line.count - 3, using: &random)
                guard digits.contains(line[spot]) else { continue }
                line[spot] = digits.filter { $0 != line[spot] }.randomElement(using: &random) ?? 0
                sample.lines[place] = String(decoding: line, as: UTF8.self)
                #expect(failure(sample.text) != nil, "line \(place + 1), byte \(spot)")
            }
        }
    }

    @Test("proves no more than its approvals and receipts do")
    func approvals() throws {
        let approval = try #require(whole.places(of: "approval").first)
        let receipt = try #require(whole.places(of: "receipt").first)
        var unsigned = whole
        unsigned.lines.remove(at: approval)
        let proved = try MinutesFileVerifier.judge(unsigned.text).get()
        #expect(proved.minutes.approvedBy.isEmpty)
        #expect(proved.minutes.isProvedComplete)
        var unproved = whole
        unproved.lines.remove(at: receipt)
        let signed = try MinutesFileVerifier.judge(unproved.text).get()
        #expect(signed.minutes.approvedBy.count == 1)
        #expect(!signed.minutes.isProvedComplete)
        var twice = whole
        twice.lines.insert(twice.lines[approval], at: approval)
        #expect(failure(twice.text) == .minutes(.approval(index: 1, .repeated)))
        var other = whole
        other.lines[approval] = other.lines[1].replacing("record", with: "approval")
        #expect(failure(other.text) == .minutes(.approval(index: 0, .notApproval)))
        var foreign = whole
        foreign.lines[receipt] = foreign.lines[receipt]
            .replacing("phi-receipt/v1", with: "phi-receipt/v9")
        #expect(failure(foreign.text) == .minutes(.receipt(index: 0, .otherTitle)))
    }

    @Test("shows the block that the reader trusts, or is refused")
    func trust() throws {
        let receipt = try MinutesFileVerifier.judge(whole.text).get().minutes.receipts[0]
        for block in [receipt.block, receipt.last] {
            let verdict = try MinutesFileVerifier.judge(whole.text, trusting: block.hex).get()
            #expect(verdict.isTrusted)
        }
        let other = String(repeating: "1", count: 64)
        for (text, block) in [
            (whole.text, other), (least.text, receipt.last.hex), (whole.text, receipt.chain.hex),
        ] {
            #expect(
                MinutesFileVerifier.judge(text, trusting: block) == .failure(.trustedBlockAbsent)
            )
        }
    }
}
