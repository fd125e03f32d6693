public import PhiLedger

extension Difficulty {
    /// The difficulty of each block of one chain, which follows from its parent alone.
    ///
    /// The target halves for each half-life that the chain is ahead of a schedule of equal
    /// intervals from its genesis, and doubles for each that it is behind. Three rules tame this
    /// on a small network: a least spacing, a cap on the delay that counts after a long pause, and
    /// an easing when no block comes at all.
    public struct Schedule: Hashable, Sendable {
        private let genesisTarget: Target
        private let genesisTime: UInt64
        private let interval: UInt64
        private let halfLife: Int64
        private let minSpacing: UInt64
        private let idleCap: UInt64
        private let grace: UInt64
        private let emergencyHalfLife: Int64
        private let limit: Target
        private let retarget: Bool

        /// Makes the schedule of a chain.
        ///
        /// Times are in milliseconds.
        /// - Parameters:
        ///   - genesisTarget: The target of the genesis block.
        ///   - genesisTime: The time of the genesis block.
        ///   - interval: The time from block to block to aim at.
        ///   - halfLife: The delay against the schedule that doubles the target.
        ///   - minSpacing: The least time from block to block.
        ///   - idleCap: The longest time between two blocks that counts as delay.
        ///   - grace: The time without a block after which the target eases.
        ///   - emergencyHalfLife: The time past the grace that doubles the target.
        ///   - limit: The easiest target.
        ///   - retarget: Whether targets change at all.
        public init(
            genesisTarget: Target,
            genesisTime: UInt64,
            interval: UInt32,
            halfLife: UInt32,
            minSpacing: UInt32,
            idleCap: UInt32,
            grace: UInt32,
            emergencyHalfLife: UInt32,
            limit: Target,
            retarget: Bool
        ) {
            precondition(halfLife > 0 && emergencyHalfLife > 0, "a half-life is a time span")
            precondition(genesisTarget <= limit, "the genesis block keeps the network's limit")
            self.genesisTarget = genesisTarget
            self.genesisTime = genesisTime
            self.interval = UInt64(interval)
            self.halfLife = Int64(halfLife)
            self.minSpacing = UInt64(minSpacing)
            self.idleCap = UInt64(idleCap)
            self.grace = UInt64(grace)
            self.emergencyHalfLife = Int64(emergencyHalfLife)
            self.limit = limit
            self.retarget = retarget
        }

        /// The compact target that the child of a block must carry.
        ///
        /// - Parameters:
        ///   - parentHeight: The parent's height.
        ///   - parentTime: The parent's time.
        ///   - parentIdle: The idle time that the parent forgives.
        ///   - time: The child's time.
        /// - Returns: The compact target.
        /// - Throws: The rule that the times break.
        public func bits(
            parentHeight: UInt32,
            parentTime: UInt64,
            parentIdle: UInt64,
            time: UInt64
        ) throws(DifficultyFailure) -> UInt32 {
            guard time >= parentTime, time - parentTime >= minSpacing else {
                throw .tooSoon(time: time, earliest: earliestTime(afterParent: parentTime))
            }
            guard retarget else { return genesisTarget.compact }
            let delay = try delay(height: parentHeight, time: parentTime, idle: parentIdle)
            let target = scale(genesisTarget, by: delay, halfLife: halfLife, limit: limit)
            let gap = time - parentTime
            guard gap > grace else { return target.compact }
            guard gap - grace < exponentLimit else {
                throw .gapTooLong(milliseconds: gap - grace, limit: exponentLimit)
            }
            return scale(
                target,
                by: Int64(gap - grace),
                halfLife: emergencyHalfLife,
                limit: limit
            ).compact
        }

        /// The idle time that a block forgives.
        ///
        /// - Parameters:
        ///   - parentIdle: The idle time that the parent forgives.
        ///   - gap: The time from the parent to the block.
        /// - Returns: The sum, or the largest number when it passes 64 bits. No block may carry
        ///   that, because it is more than any time.
        public func idle(parentIdle: UInt64, gap: UInt64) -> UInt64 {
            guard gap > idleCap else { return parentIdle }
            let (sum, overflow) = parentIdle.addingReportingOverflow(gap - idleCap)
            return overflow ? .max : sum
        }

        /// The first time that a child may carry, or the largest number past 64 bits.
        public func earliestTime(afterParent parentTime: UInt64) -> UInt64 {
            let (sum, overflow) = parentTime.addingReportingOverflow(minSpacing)
            return overflow ? .max : sum
        }

        /// How far a block is behind the schedule, without the time that was forgiven.
        private func delay(
            height: UInt32,
            time: UInt64,
            idle: UInt64
        ) throws(DifficultyFailure) -> Int64 {
            guard idle <= time else { throw .idleBeyondTime(idle: idle, time: time) }
            // Each term is below 2^64, so 128 bits hold every sum of them.
            let planned = Int128(genesisTime) + Int128(interval) * Int128(height)
            let delay = Int128(time) - Int128(idle) - planned
            guard delay.magnitude < UInt128(exponentLimit) else {
                throw .offSchedule(milliseconds: delay, limit: exponentLimit)
            }
            return Int64(delay)
        }
    }
}
