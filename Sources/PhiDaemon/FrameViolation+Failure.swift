import PhiTransport
import PhiWire

extension FrameViolation {
    /// What the node's core is told of it.
    var failure: WireFailure {
        if case .unfinished = self { return .framing(isSlow: true) }
        return .framing(isSlow: false)
    }
}
