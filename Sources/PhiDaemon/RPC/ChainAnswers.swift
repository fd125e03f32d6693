import PhiChain
import PhiCrypto
import Synchronization

/// Answers that follow from the chain alone, kept as long as its tip stays.
///
/// Many readers of one meeting ask for the same last page after each block; it is put together once.
final class ChainAnswers: Sendable {
    /// What is asked of a chain.
    enum Question: Hashable, Sendable {
        /// Where the chain ends.
        case tip
        /// A page of a history.
        case history(HistoryQuery, withProof: Bool)
    }

    private struct State {
        var tip: Digest?
        var answers: [Question: [UInt8]] = [:]
        var byteCount = 0
    }

    /// Bytes of all answers that are kept; when they are reached all of them are forgotten.
    static let byteLimit = 16 << 20
    /// Bytes that a question counts for beside its answer.
    static let questionByteCount = 256

    private let state = Mutex(State())

    /// The answer to a question about the chain with that tip, put together unless it is kept.
    func answer<Failure: Error>(
        to question: Question,
        at tip: Digest,
        _ make: () throws(Failure) -> [UInt8]
    ) throws(Failure) -> [UInt8] {
        let kept = state.withLock { $0.tip == tip ? $0.answers[question] : nil }
        if let kept { return kept }
        let made = try make()
        keep(made, to: question, at: tip)
        return made
    }

    private func keep(_ answer: [UInt8], to question: Question, at tip: Digest) {
        let cost = answer.count + Self.questionByteCount
        guard cost <= Self.byteLimit / 4 else { return }
        state.withLock { state in
            if state.tip != tip || state.byteCount + cost > Self.byteLimit {
                state = State(tip: tip)
            }
            if state.answers.updateValue(answer, forKey: question) == nil {
                state.byteCount += cost
            }
        }
    }
}
