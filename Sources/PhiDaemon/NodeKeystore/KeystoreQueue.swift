import PhiAPI
import PhiCrypto

/// Lets the calls for one meeting go one after another, and bounds how many work at once.
///
/// One author's entries follow each other, so two calls that signed side by side would give two
/// entries the same number.
actor KeystoreQueue {
    /// Calls that wait or work at most.
    private static let callLimit = 64
    /// How long a caller should wait who comes when all places are taken.
    private static let pause: Int64 = 1_000

    private let stampLimit: Int
    private var calls = 0
    private var stamps = 0
    /// Who waits for a meeting's turn; a meeting without a line is free.
    private var lines: [Digest: [CheckedContinuation<Void, Never>]] = [:]

    /// A queue of which so many calls may search stamps at once.
    init(stampLimit: Int) { self.stampLimit = max(1, stampLimit) }

    /// Waits for the meeting's turn and takes a place for a stamp, or says that all are taken.
    func enter(_ meeting: Digest) async throws(APIError) {
        guard calls < Self.callLimit else {
            throw .busy(retryAfterMilliseconds: Self.pause, "Too many calls wait for the keystore.")
        }
        calls += 1
        if lines[meeting] == nil {
            lines[meeting] = []
        } else {
            await withCheckedContinuation { lines[meeting]?.append($0) }
        }
        guard stamps < stampLimit else {
            pass(meeting)
            throw .busy(retryAfterMilliseconds: Self.pause, "The node stamps other entries.")
        }
        stamps += 1
    }

    /// Gives turn and place to the next.
    func leave(_ meeting: Digest) {
        stamps -= 1
        pass(meeting)
    }

    private func pass(_ meeting: Digest) {
        calls -= 1
        guard var line = lines[meeting], !line.isEmpty else {
            lines[meeting] = nil
            return
        }
        let next = line.removeFirst()
        lines[meeting] = line
        next.resume()
    }
}
