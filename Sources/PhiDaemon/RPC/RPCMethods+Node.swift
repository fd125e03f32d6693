import PhiAPI
import PhiChain
import PhiConsensus
import PhiLedger
import PhiNode

extension RPCMethods {
    func nodeMethod(_ method: String) async throws(APIError) -> [UInt8] {
        switch method {
        case "node.info": return await nodeInfo().serialized()
        case "node.health": return await health(.ready).serialized()
        case "node.stop":
            await node.stop()
            return Self.done
        default: throw .methodNotFound(method)
        }
    }

    private func nodeInfo() async -> NodeInfo {
        let status = await node.status()
        let miner = await node.minerStatus()
        return NodeInfo(
            version: version,
            identity: node.identity,
            network: node.network,
            tip: TipDocument(status.tip.header),
            sync: NodeInfo.Sync(
                state: status.sync.rawValue,
                bestHeader: status.bestHeaderHeight,
                peers: status.peers.count
            ),
            minimumDensity: status.minimumDensity,
            miner: NodeInfo.Miner(
                isEnabled: miner.isOn,
                duty: miner.duty,
                hashRate: miner.hashRate
            ),
            contentsFrom: .genesis,
            addresses: await node.listeningAddresses(),
            callable: await node.introductions(),
            warnings: status.warnings,
            reorganizations: status.reorganizations,
            deepestReorganization: status.deepestReorganization
        )
    }

    /// Which checks a health question is about.
    enum HealthScope {
        /// Whether the node's parts answer.
        case alive
        /// Whether the node also has caught up with the network.
        case ready
    }

    func health(_ scope: HealthScope) async -> NodeHealth {
        let status = await node.status()
        var checks = [storeCheck()]
        checks.append(
            NodeHealth.Check(
                name: "engine",
                passed: true,
                detail: "height \(status.tip.header.height)"
            )
        )
        checks += node.parts().map { name, part in
            NodeHealth.Check(
                name: name,
                passed: part.isRunning,
                detail: part.lastFailure.map { "failed \(part.failures) times, last: \($0)" }
                    ?? "runs"
            )
        }
        guard scope == .ready else { return NodeHealth(checks) }
        // A network with fixed difficulty is one developer's machine: nobody is there to wait for.
        let isAlone = !node.network.parameters.retargets
        checks.append(
            NodeHealth.Check(
                name: "sync",
                passed: status.sync == .synced || (isAlone && status.sync == .waiting),
                detail: "\(status.sync.rawValue), best header \(status.bestHeaderHeight)"
            )
        )
        checks.append(
            NodeHealth.Check(
                name: "peers",
                passed: isAlone || !status.peers.isEmpty,
                detail: "\(status.peers.count) connected"
            )
        )
        let memory = status.memory
        checks.append(
            NodeHealth.Check(
                name: "memory",
                passed: memory.excess.isEmpty,
                detail: memory.excess.isEmpty
                    ? "\(memory.bytes >> 20) of \(memory.limit >> 20) MiB held for peers"
                    : "over the limit: \(memory.excess.map(\.rawValue).joined(separator: ", "))"
            )
        )
        checks.append(
            NodeHealth.Check(
                name: "warnings",
                passed: status.warnings.isEmpty,
                detail: status.warnings.isEmpty ? "none" : status.warnings.joined(separator: "; ")
            )
        )
        return NodeHealth(checks)
    }

    private func storeCheck() -> NodeHealth.Check {
        do {
            let height = try node.snapshot().tip().height
            return NodeHealth.Check(name: "store", passed: true, detail: "height \(height)")
        } catch {
            return NodeHealth.Check(name: "store", passed: false, detail: "reads fail")
        }
    }
}
