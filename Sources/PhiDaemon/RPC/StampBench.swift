import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import Synchronization

/// Does the work of stamps for callers, one at a time and off the engine.
final class StampBench: Sendable {
    /// Hashes that a caller may ask for at most: minutes of one core.
    static let workLimit: UInt64 = 1 << 32
    private static let stride: UInt64 = 1 << 20

    private let isBusy = Atomic(false)

    /// The entry with a stamp of that work; ends early when the caller goes.
    @concurrent
    func stamp(_ entry: Entry, work: UInt64) async throws(APIError) -> Entry {
        guard work <= Self.workLimit else {
            throw .ruleBroken(
                "stampWork",
                "The field “work” asks for more than this node does. Stamp at the client.",
                limit: .string(Work(rawValue: UInt128(Self.workLimit)).hex),
                found: .string(Work(rawValue: UInt128(work)).hex)
            )
        }
        let (isFree, _) = isBusy.compareExchange(
            expected: false,
            desired: true,
            ordering: .acquiringAndReleasing
        )
        guard isFree else {
            throw .busy(retryAfterMilliseconds: 1_000, "The node stamps another entry.")
        }
        defer { isBusy.store(false, ordering: .releasing) }
        let id = entry.id
        var start: UInt64 = 0
        while !Task.isCancelled {
            if let nonce = Stamp.search(id: id, work: work, in: start..<start + Self.stride) {
                return entry.restamped(work: work, nonce: nonce)
            }
            start += Self.stride
            await Task.yield()
        }
        throw .busy(retryAfterMilliseconds: 0, "The stamp was not finished.")
    }
}
