import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire

/// A chain that a scripted peer gives headers of.
struct HeaderSource {
    let chain: TestChain
    private let heights: [Digest: Int]

    init(_ chain: TestChain) {
        self.chain = chain
        heights = Dictionary(
            uniqueKeysWithValues: chain.blocks.enumerated().map { ($1.hash, $0) }
        )
    }

    /// Four stretches and 300 blocks, each half a second after the one before.
    static let long = HeaderSource(grown(by: 4 * 2_048 + 300, delay: 500))
    /// Another chain of as many blocks.
    static let other = HeaderSource(grown(by: 4 * 2_048 + 300, delay: 501))

    static func grown(
        by count: Int,
        on network: Network = TestBench.network,
        delay: UInt64
    ) -> TestChain {
        var chain = TestChain(on: network)
        chain.grow(by: count, delay: delay)
        return chain
    }

    /// The chain up to a height and another branch of so many blocks.
    func forked(at height: Int, by count: Int) -> HeaderSource {
        var chain = chain.cut(at: Height(UInt32(height)))
        chain.grow(by: count, delay: 400)
        return HeaderSource(chain)
    }

    /// The work of a chain up to a height.
    func work(_ height: Int) -> Work { chain.blocks[height].header.header.chainWork }

    /// What an honest peer answers.
    func answer(_ locator: [Digest]) -> HeaderBatch {
        let start = locator.lazy.compactMap { heights[$0] }.first ?? 0
        return batch(after: start, count: Int(Limits.headers))
    }

    /// So many headers after a height.
    func batch(after start: Int, count: Int) -> HeaderBatch {
        var items: [CompactHeader] = []
        for index in (start + 1)..<(min(start + count, chain.blocks.count - 1) + 1) {
            let compact = CompactHeader(
                chain.blocks[index].header.header,
                after: chain.blocks[index - 1].header.header.time,
                minimumSpacing: chain.network.parameters.minimumSpacing
            )
            guard let compact else { preconditionFailure("blocks follow one another") }
            items.append(compact)
        }
        return HeaderBatch(
            start: Height(UInt32(start + 1)),
            parent: chain.blocks[start].hash,
            items: items
        )
    }
}

extension HeaderBatch {
    /// The batch with another nonce in each header, so that most show no work.
    var withoutWork: HeaderBatch {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: start.rawValue)
        parent.append(to: &bytes)
        bytes.append(littleEndian: UInt16(items.count))
        for item in items {
            bytes.append(item.body == nil ? 0 : 1)
            bytes.append(varint: item.delay)
            bytes.append(littleEndian: item.nonce &+ 1)
        }
        let message = try? Message.decode(
            type: MessageType.headers.rawValue,
            body: bytes,
            parameters: TestBench.network.parameters
        )
        guard case .headers(let batch) = message else { return self }
        return batch
    }
}

extension TestBench {
    /// A node whose chains need the work of a block of the long chain.
    static func needing(
        _ work: Work,
        on network: Network = TestBench.network,
        _ change: (inout NodePolicy) -> Void = { _ in }
    ) throws -> TestBench {
        var policy = TestSwarm.policy
        policy.minimumChainWork = work
        change(&policy)
        return try TestBench(on: network, policy: policy)
    }

    /// A tip that no chain has, with more work than any.
    static let lie = TipClaim(
        hash: SHA256.hash([1]),
        height: Height(4_000_000),
        work: Work(rawValue: 1 << 100)
    )

    /// Connects a peer that claims such a tip.
    mutating func greet(liar peer: PeerHandle, isInbound: Bool = true) {
        greet(peer, isInbound: isInbound)
        receive(.ping(Ping(nonce: 0, tip: Self.lie)), from: peer)
    }

    /// The locators that a peer was asked with, which are forgotten.
    mutating func takeLocators(to peer: PeerHandle) -> [[Digest]] {
        take(.getHeaders, to: peer).compactMap { message in
            guard case .getHeaders(let locator) = message else { return nil }
            return locator
        }
    }

    /// Has peers answer requests for headers, one at a time in turn, until there are none.
    ///
    /// - Parameters:
    ///   - sources: What each peer has.
    ///   - limit: Answers at most.
    ///   - alter: Changes an answer of a peer; nil swallows it.
    /// - Returns: How many answers each peer gave.
    @discardableResult
    mutating func serve(
        _ sources: [PeerHandle: HeaderSource],
        atMost limit: Int = .max,
        _ alter: (PeerHandle, HeaderBatch) -> HeaderBatch? = { $1 }
    ) -> [PeerHandle: Int] {
        var given: [PeerHandle: Int] = [:]
        var count = 0
        var isBusy = true
        while isBusy {
            isBusy = false
            for peer in sources.keys.sorted() where count < limit {
                for locator in takeLocators(to: peer) {
                    guard let batch = sources[peer]?.answer(locator),
                        let altered = alter(peer, batch)
                    else { continue }
                    isBusy = true
                    count += 1
                    given[peer, default: 0] += 1
                    receive(.headers(altered), from: peer)
                }
            }
        }
        return given
    }
}
