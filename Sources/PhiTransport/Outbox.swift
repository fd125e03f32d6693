import Synchronization

/// The frames that wait for one peer, within a budget of bytes.
///
/// Whoever has news for a peer offers it and goes on; nobody ever waits for a slow peer. One task,
/// the pump, takes the frames out.
final class Outbox: Sendable {
    /// What a waiting frame costs beside its bytes: its place in the queue and its heap object.
    static let overhead = 64

    private struct State {
        var frames: [Frame] = []
        var chargedBytes = 0
        var departure: PeerDeparture?
    }

    /// Fires when frames have come or the outbox is closed; ends after closing.
    let wakings: AsyncStream<Void>

    private let waker: AsyncStream<Void>.Continuation
    private let budget: Int
    private let state = Mutex(State())

    init(budget: Int) {
        self.budget = budget
        (wakings, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What a frame takes of the budget.
    static func charge(for frame: Frame) -> Int { frame.wireByteCount + overhead }

    /// Queues a frame.
    /// - Returns: False when it does not fit, or the outbox is closed.
    func offer(_ frame: Frame) -> Bool {
        guard !frame.isTooLong else { return false }
        let charge = Outbox.charge(for: frame)
        let (isAccepted, isFirst) = state.withLock { state in
            guard state.departure == nil, state.chargedBytes + charge <= budget else {
                return (false, false)
            }
            state.chargedBytes += charge
            state.frames.append(frame)
            return (true, state.frames.count == 1)
        }
        if isFirst { waker.yield() }
        return isAccepted
    }

    /// Takes all waiting frames; they stay charged until they are freed.
    func take() -> [Frame] {
        state.withLock { state in
            let frames = state.frames
            state.frames = []
            return frames
        }
    }

    /// Gives back the charge of frames that have been written.
    func free(_ bytes: Int) {
        state.withLock { $0.chargedBytes -= bytes }
    }

    /// Accepts nothing from now on; what is queued may still be taken.
    /// - Returns: True for the first who closes, whose reason stands.
    @discardableResult
    func close(_ departure: PeerDeparture) -> Bool {
        let isFirst = state.withLock { state in
            guard state.departure == nil else { return false }
            state.departure = departure
            return true
        }
        if isFirst { waker.finish() }
        return isFirst
    }

    /// Why the outbox is closed, or nil while it is open.
    var departure: PeerDeparture? { state.withLock { $0.departure } }

    /// What is charged now, in bytes.
    var chargedBytes: Int { state.withLock { $0.chargedBytes } }
}
