import Foundation
import PhiConsensus
import PhiLedger
import PhiTesting
import Testing

@Suite("The difficulty schedule") struct DifficultyScheduleTests {
    @Test("gives the bits of the sample rows")
    func sampleRows() throws {
        guard let data = SharedFolder.data("vectors/phi/difficulty.json") else { return }
        let sample = try DifficultySample.read(data)
        #expect(sample.rows.count == 400)
        let bits = try #require(UInt32(sample.genesisBits, radix: 16))
        let schedule = try Self.main(bits: bits, time: sample.genesisTime)
        for (row, next) in zip(sample.rows, sample.rows.dropFirst() + sample.rows.prefix(1)) {
            #expect(try schedule.bits(of: row) == row.bits)
            let idle = schedule.idle(parentIdle: row.parentIdle, gap: row.time - row.parentTime)
            #expect(next.parentHeight == 0 || next.parentIdle == idle)
        }
    }

    @Test("gives other bits when a number of a sample row is another")
    func mutatedRows() throws {
        guard let data = SharedFolder.data("vectors/phi/difficulty.json") else { return }
        let sample = try DifficultySample.read(data)
        let bits = try #require(UInt32(sample.genesisBits, radix: 16))
        let schedule = try Self.main(bits: bits, time: sample.genesisTime)
        let later = try Self.main(bits: bits, time: sample.genesisTime + 100)
        let other = try Self.main(bits: bits + 0x1000, time: sample.genesisTime)
        let limit = Target.powerOfTwo(236).compact
        let unbounded = sample.rows.filter { $0.bits != limit }
        #expect(unbounded.count > 390)
        for var row in unbounded {
            let expected = row.bits
            #expect(try later.bits(of: row) < expected)
            #expect(try other.bits(of: row) > expected)
            row.parentHeight += 1
            #expect(try schedule.bits(of: row) < expected)
            row.parentHeight -= 1
            guard row.parentTime > sample.genesisTime else { continue }
            row.parentIdle += 100
            #expect(try schedule.bits(of: row) < expected)
        }
    }

    @Test("gives the bits and the work of the sample chain")
    func sampleChain() throws {
        guard let data = SharedFolder.data("vectors/phi/chain.json") else { return }
        let headers = try DifficultyHeader.all(in: data)
        let schedule = try Self.main(bits: headers[0].bits, time: headers[0].time)
        try Self.check(headers, against: schedule, limit: Target.powerOfTwo(236))
    }

    @Test("keeps the genesis bits where the network does not retarget")
    func fixed() throws {
        guard let data = SharedFolder.data("vectors/phi/dev/chain.json") else { return }
        let headers = try DifficultyHeader.all(in: data)
        let limit = Target.powerOfTwo(255)
        let schedule = Difficulty.Schedule(
            genesisTarget: try Target(compact: headers[0].bits, limit: limit),
            genesisTime: headers[0].time,
            interval: 1_000,
            halfLife: 60_000,
            minSpacing: 1,
            idleCap: 60_000,
            grace: 30_000,
            emergencyHalfLife: 6_000,
            limit: limit,
            retarget: false
        )
        try Self.check(headers, against: schedule, limit: limit)
    }

    @Test("refuses a block nearer to its parent than the least spacing")
    func spacing() throws {
        let schedule = try Self.main()
        #expect(throws: Never.self) { try schedule.child(gap: 1_000) }
        for gap in [999, 0] as [UInt64] {
            let time = Self.genesisTime + gap
            let earliest = Self.genesisTime + 1_000
            #expect(throws: DifficultyFailure.tooSoon(time: time, earliest: earliest)) {
                try schedule.child(gap: gap)
            }
        }
        #expect(throws: DifficultyFailure.tooSoon(time: 5, earliest: 1_010)) {
            try schedule.bits(parentHeight: 0, parentTime: 10, parentIdle: 0, time: 5)
        }
        #expect(throws: DifficultyFailure.tooSoon(time: .max, earliest: .max)) {
            try schedule.bits(parentHeight: 0, parentTime: .max - 999, parentIdle: 0, time: .max)
        }
        #expect(schedule.earliestTime(afterParent: 7) == 1_007)
        #expect(schedule.earliestTime(afterParent: .max - 1_000) == .max)
        #expect(schedule.earliestTime(afterParent: .max) == .max)
    }

    @Test("eases from the end of the grace, twofold with each emergency half-life")
    func emergency() throws {
        let schedule = try Self.main()
        let calm = try schedule.child(gap: 1_000)
        #expect(try schedule.child(gap: 300_000) == calm)
        // The first 65,536th of the exponent takes a millisecond of sixty seconds.
        #expect(try schedule.child(gap: 300_001) > calm)
        let start = try Target(compact: calm, limit: Target.powerOfTwo(236))
        for count in 1...20 {
            let eased = try schedule.child(gap: 300_000 + UInt64(count) * 60_000)
            let doubled = Difficulty.scale(
                start,
                by: Int64(count),
                halfLife: 1,
                limit: Target.powerOfTwo(236)
            )
            #expect(eased == doubled.compact)
        }
        #expect(try schedule.child(gap: 1 << 40) == Target.powerOfTwo(236).compact)
    }

    @Test(
        "forgives only the time beyond the cap",
        arguments: [
            (0, 0, 0), (0, 599_999, 0), (0, 600_000, 0), (0, 600_001, 1), (5, 600_001, 6),
            (5, 1_200_000, 600_005), (0, .max, .max - 600_000), (600_000, .max, .max),
            (600_001, .max, .max), (.max, 600_000, .max), (.max, .max, .max),
        ] as [(UInt64, UInt64, UInt64)]
    )
    func idle(parentIdle: UInt64, gap: UInt64, expected: UInt64) throws {
        #expect(try Self.main().idle(parentIdle: parentIdle, gap: gap) == expected)
    }

    @Test("refuses more idle time than time")
    func idleBeyondTime() throws {
        let schedule = try Self.main(time: 1_000)
        #expect(throws: Never.self) {
            try schedule.bits(parentHeight: 0, parentTime: 9, parentIdle: 9, time: 2_000)
        }
        #expect(throws: DifficultyFailure.idleBeyondTime(idle: 10, time: 9)) {
            try schedule.bits(parentHeight: 0, parentTime: 9, parentIdle: 10, time: 2_000)
        }
    }

    @Test("refuses a parent that is 2^46 ms off the schedule, late or early")
    func offSchedule() throws {
        let limit = Difficulty.exponentLimit
        let schedule = try Self.main(time: limit)
        let late = 2 * limit
        #expect(throws: Never.self) {
            try schedule.bits(
                parentHeight: 0,
                parentTime: late - 1,
                parentIdle: 0,
                time: late + 999
            )
        }
        #expect(
            throws: DifficultyFailure.offSchedule(milliseconds: Int128(limit), limit: limit)
        ) {
            try schedule.bits(parentHeight: 0, parentTime: late, parentIdle: 0, time: late + 1_000)
        }
        #expect(throws: Never.self) {
            try schedule.bits(parentHeight: 0, parentTime: 1, parentIdle: 0, time: 1_001)
        }
        #expect(
            throws: DifficultyFailure.offSchedule(milliseconds: -Int128(limit), limit: limit)
        ) {
            try schedule.bits(parentHeight: 0, parentTime: 0, parentIdle: 0, time: 1_000)
        }
    }

    @Test("refuses a gap that is 2^46 ms past the grace")
    func gapTooLong() throws {
        let limit = Difficulty.exponentLimit
        let schedule = try Self.main()
        #expect(throws: Never.self) { try schedule.child(gap: 300_000 + limit - 1) }
        #expect(throws: DifficultyFailure.gapTooLong(milliseconds: limit, limit: limit)) {
            try schedule.child(gap: 300_000 + limit)
        }
    }

    @Test("answers or refuses every extreme", arguments: [0, 1, 1_760_000_000_000, UInt64.max])
    func extremes(genesisTime: UInt64) throws {
        let times: [UInt64] = [0, 1, 1_000, 1 << 46, 1 << 63, .max - 1_000, .max - 1, .max]
        let most = UInt32.max
        let schedules = [
            try Self.main(time: genesisTime),
            Difficulty.Schedule(
                genesisTarget: Target.minimum,
                genesisTime: genesisTime,
                interval: most,
                halfLife: 1,
                minSpacing: 0,
                idleCap: 0,
                grace: 0,
                emergencyHalfLife: 1,
                limit: Target.powerOfTwo(255),
                retarget: true
            ),
        ]
        for schedule in schedules {
            for height in [0, 1, most - 1, most] {
                for (parentTime, idle) in times.flatMap({ time in times.map { (time, $0) } }) {
                    for time in times {
                        let bits = try? schedule.bits(
                            parentHeight: height,
                            parentTime: parentTime,
                            parentIdle: idle,
                            time: time
                        )
                        let legal = bits.map { (0x1501_0000...0x2100_8000).contains($0) }
                        #expect(legal != false)
                        #expect(schedule.idle(parentIdle: idle, gap: time) >= idle)
                    }
                }
            }
        }
    }

    private static let genesisTime: UInt64 = 1_760_000_000_000

    private static func main(
        bits: UInt32 = 0x1b12_3456,
        time: UInt64 = genesisTime
    ) throws -> Difficulty.Schedule {
        let limit = Target.powerOfTwo(236)
        return Difficulty.Schedule(
            genesisTarget: try Target(compact: bits, limit: limit),
            genesisTime: time,
            interval: 10_000,
            halfLife: 600_000,
            minSpacing: 1_000,
            idleCap: 600_000,
            grace: 300_000,
            emergencyHalfLife: 60_000,
            limit: limit,
            retarget: true
        )
    }

    private static func check(
        _ headers: [DifficultyHeader],
        against schedule: Difficulty.Schedule,
        limit: Target
    ) throws {
        #expect(headers.count == 21)
        var work = Work.zero
        for (place, header) in headers.enumerated() {
            let target = try Target(compact: header.bits, limit: limit)
            work = try #require(work.adding(target.work))
            #expect(header.chainWork == work)
            #expect(target.isMet(by: header.hash))
            guard place > 0 else { continue }
            let parent = headers[place - 1]
            let bits = try schedule.bits(
                parentHeight: parent.height,
                parentTime: parent.time,
                parentIdle: parent.idle,
                time: header.time
            )
            #expect(header.bits == bits)
            let idle = schedule.idle(parentIdle: parent.idle, gap: header.time - parent.time)
            #expect(header.idle == idle)
        }
    }
}

extension Difficulty.Schedule {
    /// The bits of a block so long after the genesis block.
    fileprivate func child(gap: UInt64) throws(DifficultyFailure) -> UInt32 {
        let genesisTime: UInt64 = 1_760_000_000_000
        return try bits(
            parentHeight: 0,
            parentTime: genesisTime,
            parentIdle: 0,
            time: genesisTime + gap
        )
    }

    fileprivate func bits(of row: DifficultyRow) throws(DifficultyFailure) -> UInt32 {
        try bits(
            parentHeight: row.parentHeight,
            parentTime: row.parentTime,
            parentIdle: row.parentIdle,
            time: row.time
        )
    }
}
