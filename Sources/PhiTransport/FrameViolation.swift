/// The rules that a peer's frames must keep.
public enum FrameViolation: Error, Hashable, Sendable {
    /// The frame has no type.
    case empty
    /// The frame is longer than any frame may be.
    case tooLong(length: UInt32, limit: Int)
    /// The frame is longer than frames of its type may be.
    case bodyTooLong(type: UInt8, count: Int, limit: Int)
    /// The frame was begun and not ended in the time that one frame may take.
    case unfinished(limit: Duration)
}
