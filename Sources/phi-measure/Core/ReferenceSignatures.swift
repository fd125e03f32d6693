import CReference
import PhiCrypto
import PhiLedger

/// Signatures that libcrypto verifies alone, in a loop in C: what no node can be faster than.
struct ReferenceSignatures: Sendable {
    /// Signatures that are told apart; their keys are decoded before the time counts.
    private static let countLimit = 2_000
    /// Signatures from one look at the clock to the next.
    private static let stride = 64

    private let records: [UInt8]
    private let count: Int
    private let messageByteCount: Int

    init(_ entries: [Entry]) {
        let messages = entries.prefix(Self.countLimit).map(SignedMessage.init)
        count = messages.count
        messageByteCount = messages.first?.message.count ?? 0
        records = messages.flatMap { $0.author.bytes + $0.signature.bytes + $0.message }
    }

    /// Verifies for some seconds on some cores.
    func rate(cores: Int, seconds: Double) async throws -> SignatureRate.Count {
        let watch = Stopwatch()
        let counts = try await Cores.run(cores) { _ in try verify(seconds: seconds, watch) }
        return SignatureRate.Count(
            done: counts.reduce(0, +),
            seconds: watch.seconds,
            processorSeconds: watch.processorSeconds
        )
    }

    private func verify(seconds: Double, _ watch: Stopwatch) throws -> Int {
        try unsafe records.withUnsafeBufferPointer { bytes in
            guard
                let loop = unsafe phi_signatures_create(bytes.baseAddress, count, messageByteCount)
            else { throw MeasureFailure.generated("libcrypto refuses a key") }
            defer { unsafe phi_signatures_destroy(loop) }
            var done = 0
            while watch.seconds < seconds {
                let valid = unsafe phi_signatures_verify(loop, done, Self.stride)
                guard valid == Self.stride else {
                    throw MeasureFailure.generated("libcrypto refuses a signature")
                }
                done += valid
            }
            return done
        }
    }
}
