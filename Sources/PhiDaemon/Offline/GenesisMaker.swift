import PhiCrypto
public import PhiLedger

/// Mines the first header of a network.
public struct GenesisMaker: Sendable {
    private static let measureSpan = Duration.milliseconds(400)
    private static let measureChunk: UInt64 = 1 << 16
    private static let searchChunk: UInt64 = 1 << 22

    /// The network's parameters.
    public let parameters: NetworkParameters
    /// When the network begins.
    public let time: Timestamp

    /// A maker for valid parameters.
    public init(parameters: NetworkParameters, time: Timestamp) {
        self.parameters = parameters
        self.time = time
    }

    /// Hashes of headers that one core of this machine tries in a second.
    public func measure() async -> Double { await Self.rate() }

    @concurrent private static func rate() async -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        var tried: UInt64 = 0
        let prefix = [UInt8](repeating: 0, count: Header.prefixByteCount)
        let tail = [UInt8](repeating: 0, count: HashSearch.tailByteCount)
        while clock.now - start < measureSpan {
            _ = HashSearch.firstNonce(
                prefix: prefix,
                tail: tail,
                target: .zero,
                in: tried..<tried + measureChunk
            )
            tried += measureChunk
        }
        let span = clock.now - start
        let seconds =
            Double(span.components.seconds) + Double(span.components.attoseconds) / 1e18
        return Double(tried) / seconds
    }

    /// The target of a compact form, which must be one that the network allows.
    public func target(compact bits: UInt32) throws(OfflineFailure) -> Target {
        do { return try Target(compact: bits, limit: parameters.targetLimit) } catch {
            throw .bits(bits, limit: parameters.targetLimit.compact)
        }
    }

    /// The target with which so many miners of a given speed find a block in the interval.
    ///
    /// - Parameters:
    ///   - miners: How many cores mine, each at full duty.
    ///   - hashesPerSecond: What one of them tries in a second.
    /// - Returns: The target that the compact form holds exactly, never easier than the limit.
    public func target(miners: Double, hashesPerSecond: Double) -> Target {
        let limit = parameters.targetLimit
        let wanted = miners * hashesPerSecond * Double(parameters.blockInterval) / 1_000
        guard wanted.isFinite, wanted >= 1 else { return limit }
        // 2^256 / work, as 16 bits of mantissa above a power of two that the compact form holds.
        let exponent = wanted.exponent
        let mantissa = UInt32((1 / wanted.significand) * 65_536)
        let size = 32 - Int(exponent) / 8
        let shift = Int(exponent) % 8
        guard size > 20 else { return limit }
        let number = mantissa >> UInt32(shift)
        let bits =
            number >= 0x8000
            ? UInt32(size + 1) << 24 | number : UInt32(size) << 24 | number << 8
        return (try? Target(compact: bits, limit: limit)) ?? limit
    }

    /// Searches the nonce of the first header.
    public func network(
        name: String,
        prefix: String,
        target: Target
    ) async throws -> Network {
        var header = Network.genesisDraft(parameters: parameters, time: time, target: target)
        var start: UInt64 = 0
        var found: UInt64?
        while found == nil {
            try Task.checkCancellation()
            found = await Self.search(header, target, start..<start + Self.searchChunk)
            start += Self.searchChunk
        }
        header.nonce = found ?? 0
        do {
            return try Network(
                name: name,
                prefix: prefix,
                parameters: parameters,
                genesis: header
            )
        } catch { throw OfflineFailure.genesis(error) }
    }

    @concurrent private static func search(
        _ header: Header,
        _ target: Target,
        _ range: Range<UInt64>
    ) async -> UInt64? {
        header.firstNonce(meeting: target, in: range)
    }
}
