import Logging
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import ServiceLifecycle

/// Searches nonces at a constant low duty, whenever the node has something to mine on.
actor Miner: Service {
    /// Nonces of the first stretch; later ones are as long as the hash rate allows.
    private static let firstStretch: UInt64 = 4_096
    /// Milliseconds of search between two looks at the clock.
    private static let stretchMilliseconds: UInt64 = 10
    /// Milliseconds after which the work is made anew, so that its time is fresh.
    private static let templateAge: UInt64 = 1_000
    /// Milliseconds between two looks while there is nothing to do.
    private static let idleWait: UInt64 = 100
    /// Milliseconds after which a lone node of a development network mines an empty block.
    private static let heartbeat: UInt64 = 30_000

    private let engine: Engine
    private let network: Network
    private let logger: Logger
    private(set) var isOn: Bool
    private(set) var duty: Int
    private(set) var hashRate: UInt64 = 0
    private var stretch = firstStretch
    private var lastBlock: Timestamp = .zero

    /// A miner for an engine.
    ///
    /// - Parameters:
    ///   - engine: Where work comes from and blocks go to.
    ///   - isOn: Whether it works from the start.
    ///   - duty: Thousandths of one core.
    ///   - logger: Where blocks are told of.
    init(engine: Engine, isOn: Bool, duty: Int, logger: Logger) {
        self.engine = engine
        network = engine.network
        self.isOn = isOn
        self.duty = duty
        self.logger = logger
    }

    /// Turns the miner on or off, and sets its duty where one is given.
    func set(isOn: Bool, duty: Int?) {
        self.isOn = isOn
        if let duty { self.duty = min(1_000, max(1, duty)) }
    }

    /// Mines until the group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if let template = await self.work() {
                    await self.search(template)
                } else {
                    try? await Task.sleep(for: .milliseconds(Self.idleWait))
                }
            }
        }
    }

    /// What to work on now, or nil while mining would be wrong.
    private func work() async -> BlockTemplate? {
        guard isOn else { return nil }
        let status = await engine.status
        if network.parameters.retargets {
            guard status.sync == .synced else { return nil }
        } else {
            guard status.sync != .syncing else { return nil }
            let age = engine.clock.now.since(max(lastBlock, status.tip.header.time))
            let interval = UInt64(network.parameters.blockInterval)
            guard age >= (status.pooledEntries > 0 ? interval : Self.heartbeat) else { return nil }
        }
        return await engine.template()
    }

    /// Searches a template until it is found, stale or too old.
    private func search(_ template: BlockTemplate) async {
        let generation = engine.templates.current
        let started = engine.clock.now
        var next = UInt64.random(in: 0...UInt64.max / 2)
        while isOn, !Task.isCancelled, engine.templates.current == generation,
            engine.clock.now.since(started) < Self.templateAge
        {
            let range = next..<next + stretch
            let (nonce, elapsed) = await Self.stretch(template, in: range)
            adapt(to: elapsed, tries: nonce.map { $0 - range.lowerBound + 1 } ?? stretch)
            if let nonce {
                var header = template.header
                header.nonce = nonce
                lastBlock = engine.clock.now
                await engine.handle(.mined(header, template.entries))
                logger.debug("a block was mined", metadata: ["height": "\(header.height)"])
                return
            }
            next = range.upperBound
            let rest = elapsed * (1_000 - duty) / duty
            try? await Task.sleep(for: rest)
        }
    }

    private func adapt(to elapsed: Duration, tries: UInt64) {
        let microseconds = max(1, UInt64(elapsed / .microseconds(1)))
        let rate = tries * 1_000_000 / microseconds
        hashRate = hashRate == 0 ? rate : (hashRate * 15 + rate) / 16
        stretch = max(Self.firstStretch, hashRate * Self.stretchMilliseconds / 1_000)
    }

    @concurrent private static func stretch(
        _ template: BlockTemplate,
        in range: Range<UInt64>
    ) async -> (nonce: UInt64?, elapsed: Duration) {
        var nonce: UInt64?
        let elapsed = ContinuousClock().measure {
            nonce = template.header.firstNonce(meeting: template.target, in: range)
        }
        return (nonce, elapsed)
    }
}

extension Miner {
    /// Mines blocks at once, one after another, on a network that mines on demand.
    func generate(_ count: Int) async -> Result<[Digest], GenerateRefusal> {
        guard !network.parameters.retargets else { return .failure(.notDevelopment) }
        var hashes: [Digest] = []
        while hashes.count < count {
            await engine.handle(.resume)
            guard let template = await engine.template() else {
                return .failure(.failed("the node is busy with the chain"))
            }
            let (nonce, _) = await Self.stretch(template, in: 0..<UInt64(1) << 32)
            guard let nonce else { return .failure(.failed("no nonce was found")) }
            var header = template.header
            header.nonce = nonce
            await engine.handle(.mined(header, template.entries))
            let hash = header.hash
            guard await engine.status.tip.hash == hash else { continue }
            hashes.append(hash)
        }
        return .success(hashes)
    }
}
