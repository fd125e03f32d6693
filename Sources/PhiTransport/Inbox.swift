import NIOCore
import Synchronization

/// Counts the bytes of frames that wait to be handed over, and stops the reading while there are many.
///
/// Frames are counted and not buffers, because a peer may send few that are long: without this as
/// many of the longest frames could wait as the asynchronous channel has places.
final class Inbox: Sendable {
    /// What a waiting frame costs beside its body.
    static let overhead = 64

    private struct State {
        var waiting = 0
        var heldRead: (@Sendable () -> Void)?
    }

    private let budget: Int
    private let state = Mutex(State())

    /// An empty inbox.
    /// - Parameter budget: Waiting bytes from which on nothing more is read.
    init(budget: Int) {
        self.budget = budget
    }

    /// What a frame takes of the budget.
    static func charge(for frame: Frame) -> Int { frame.wireByteCount + overhead }

    /// Counts a frame that has come.
    func add(_ frame: Frame) {
        state.withLock { $0.waiting += Inbox.charge(for: frame) }
    }

    /// Says whether to read now; otherwise the given reading is done as soon as there is room.
    func mayRead(otherwise later: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.waiting >= budget else { return true }
            state.heldRead = later
            return false
        }
    }

    /// Counts a frame that was dealt with.
    func remove(_ frame: Frame) {
        let held = state.withLock { state -> (@Sendable () -> Void)? in
            state.waiting -= Inbox.charge(for: frame)
            guard state.waiting < budget else { return nil }
            defer { state.heldRead = nil }
            return state.heldRead
        }
        held?()
    }

    /// Bytes that wait now.
    var waitingBytes: Int { state.withLock { $0.waiting } }
}
