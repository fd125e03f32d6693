import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiLevelDB
import PhiNode
import PhiTransport
import PhiWire

extension Composition {
    /// What the RPC methods may ask, as closures over the parts.
    static func access(
        engine: Engine,
        peerNetwork: PeerNetwork,
        miner: Miner,
        keeper: Keeper,
        identity: VerifyingKey,
        stopper: Stopper,
        health: PartHealth
    ) -> NodeAccess {
        let network = engine.network
        let store = engine.store
        return NodeAccess(
            network: network,
            identity: identity,
            snapshot: { ChainReader(store.snapshot(), network: network) },
            status: { await engine.status },
            pool: { await engine.pooled($0) },
            submit: { await engine.submit($0) },
            addPeer: { host, port, key, way in
                await keeper.add(host: host, port: port, identity: key, via: way)
            },
            removePeer: { key in
                let isKnown = await engine.status.peers.contains { $0.identity == key }
                await engine.handle(.removePeer(key))
                return isKnown
            },
            banPeer: { key in
                let isKnown = await engine.status.peers.contains { $0.identity == key }
                await engine.handle(.banPeer(key))
                return isKnown
            },
            setMiner: { isOn, duty in await miner.set(isOn: isOn, duty: duty) },
            minerStatus: { await miner.summary },
            generate: { await miner.generate($0) },
            acceptReorganization: { hash in
                await engine.handle(.acceptReorganization(hash))
                return .success(())
            },
            stop: { await stopper.stop() },
            listeningAddresses: {
                let bound = try? await peerNetwork.boundAddresses()
                return (bound ?? []).map(\.description)
            },
            introductions: { await keeper.introductions() },
            parts: { health.all }
        )
    }
}

extension Engine {
    /// Judges an entry on the caller's task and submits it.
    nonisolated func submit(_ entry: Entry) async -> Result<Digest, SubmitRefusal> {
        let verdicts = await Judge.judge([entry], on: network)
        switch verdicts[0] {
        case .success(let valid): return await submit(valid)
        case .failure(let violation): return .failure(.violation(violation))
        }
    }
}

extension Miner {
    /// Whether the miner is on, its duty, and its hashes per second.
    var summary: (isOn: Bool, duty: Int, hashRate: UInt64) {
        (isOn: isOn, duty: duty, hashRate: hashRate)
    }
}
