import Foundation
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import Testing

@Suite("Scaling a target") struct DifficultyScaleTests {
    @Test("gives what the published runs give", arguments: runs)
    func published(run: String, rowCount: Int) throws {
        guard let data = SharedFolder.data("vectors/asert/\(run)") else { return }
        let run = try PublishedRun(#require(String(data: data, encoding: .utf8)))
        #expect(run.rows.count == rowCount)
        let limit = try UInt256(compact: 0x1d00_ffff)
        let anchor = try UInt256(compact: run.anchorBits)
        for row in run.rows {
            let delay = try #require(Int64(exactly: run.delay(of: row)))
            let scaled = AsertScale.scaled(anchor, by: delay, halfLife: 172_800) ?? limit
            // These runs come from a chain whose least target is one.
            let bounded = max(UInt256(low: 1), min(limit, scaled))
            #expect(bounded.compact == row.bits, "\(row)")
        }
    }

    @Test("gives what the published runs give, down to the least target", arguments: runs)
    func publishedWithinBounds(run: String, rowCount: Int) throws {
        guard let data = SharedFolder.data("vectors/asert/\(run)") else { return }
        let run = try PublishedRun(#require(String(data: data, encoding: .utf8)))
        let limit = try Target(compact: 0x1d00_ffff, limit: Target.powerOfTwo(255))
        // Run 3 starts below the least target of this ledger.
        guard let anchor = try? Target(compact: run.anchorBits, limit: limit) else {
            #expect(run.anchorBits == 0x0101_0000)
            return
        }
        for row in run.rows {
            let delay = try #require(Int64(exactly: run.delay(of: row)))
            let target = Difficulty.scale(anchor, by: delay, halfLife: 172_800, limit: limit)
            // Within a published target below the least one, this ledger stays at its own.
            let published = try? Target(compact: row.bits, limit: limit)
            #expect(target.compact == (published ?? Target.minimum).compact, "\(row)")
        }
    }

    @Test("gives every bit that the reference rule gives", arguments: referenceRows)
    func reference(bits: UInt32, numerator: Int64, halfLife: Int64, hex: String) throws {
        let limit = Target.powerOfTwo(236)
        let target = try Target(compact: bits, limit: limit)
        let scaled = Difficulty.scale(target, by: numerator, halfLife: halfLife, limit: limit)
        #expect(scaled.digest.hex == hex)
    }

    @Test("never leaves the bounds, never traps and never falls as the delay grows")
    func monotonous() {
        let limit = Target.powerOfTwo(236)
        let start = Target.powerOfTwo(200)
        for halfLife in [1, 2, 3, 60_000, 600_000, Int64(UInt32.max)] as [Int64] {
            var last = Target.minimum
            let edge = Int64(Difficulty.exponentLimit) - 1
            var delays = [-edge, -edge + 1, edge - 1, edge]
            for place in -400...400 {
                delays += [-1, 0, 1].map { Int64(place) * halfLife / 7 + $0 }
            }
            for delay in delays.sorted() {
                let scaled = Difficulty.scale(start, by: delay, halfLife: halfLife, limit: limit)
                #expect(scaled >= last && scaled <= limit)
                last = scaled
            }
        }
    }

    @Test("doubles with each half-life and halves with each one back", arguments: -40...36)
    func doubling(count: Int) {
        let scaled = Difficulty.scale(
            Target.powerOfTwo(200),
            by: Int64(count) * 600_000,
            halfLife: 600_000,
            limit: Target.powerOfTwo(255)
        )
        #expect(scaled == Target.powerOfTwo(200 + count))
    }

    @Test("is a mistake of the program beyond the bounds of the exponent")
    func exponentBounds() async {
        await #expect(processExitsWith: .failure) {
            let target = Target.powerOfTwo(200)
            _ = Difficulty.scale(target, by: 1 << 46, halfLife: 1, limit: target)
        }
        await #expect(processExitsWith: .failure) {
            let target = Target.powerOfTwo(200)
            _ = Difficulty.scale(target, by: -(1 << 46), halfLife: 1, limit: target)
        }
        await #expect(processExitsWith: .failure) {
            let target = Target.powerOfTwo(200)
            _ = Difficulty.scale(target, by: 1, halfLife: 0, limit: target)
        }
    }

    private static let runs: [(String, Int)] = [
        ("run01", 10), ("run02", 10), ("run03", 10), ("run05", 225), ("run07", 1000),
        ("run08", 500), ("run09", 10), ("run10", 10), ("run11", 1000),
    ]
}

/// One file of published rows.
private struct PublishedRun {
    struct Row {
        let height: Int128
        let time: Int128
        let bits: UInt32
    }

    private(set) var anchorBits: UInt32 = 0
    private(set) var rows: [Row] = []
    private var anchorHeight: Int128 = 0
    private var anchorParentTime: Int128 = 0

    init(_ text: String) throws {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            if line.hasPrefix("##   anchor") {
                let value = try #require(words.last)
                switch words[2] {
                case "height:": anchorHeight = try #require(Int128(value))
                case "nBits:": anchorBits = try Self.bits(value)
                default: anchorParentTime = try #require(Int128(value))
                }
            } else if !line.hasPrefix("#") {
                let row = try Row(
                    height: #require(Int128(words[1])),
                    time: #require(Int128(words[2])),
                    bits: Self.bits(words[3])
                )
                rows.append(row)
            }
        }
    }

    /// How far a row is behind the schedule of 600 seconds.
    func delay(of row: Row) -> Int128 {
        row.time - anchorParentTime - 600 * (row.height - anchorHeight + 1)
    }

    private static func bits(_ word: Substring) throws -> UInt32 {
        try #require(UInt32(word.dropFirst(2), radix: 16))
    }
}
