import PhiAPI
import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

extension RPCMethods {
    /// The seconds for which a peer is refused.
    private static let banSeconds: Int64 = 86_400
    /// Entries of the pool that a list looks at at most.
    private static let poolLimit = 100_000

    func peerMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method {
        case "peer.list": return try await peers(parameters).serialized()
        case "peer.add":
            let address = try DialAddress(try parameters.string("address", byteLimit: 300))
            let origin = try parameters.choice("via", default: PeerOrigin.manual)
            let way: WayIn = origin == .link ? .link : .manual
            await node.addPeer(address.host, address.port, address.identity, way)
        case "peer.remove":
            guard await node.removePeer(try parameters.key("peer")) else {
                throw .notFound("that peer", remedy: "peer.list shows those that it knows.")
            }
        case "peer.ban":
            let seconds = try parameters.integer(
                "seconds",
                in: 1...31_536_000,
                default: Self.banSeconds
            )
            guard seconds == Self.banSeconds else {
                throw .invalidParameter(
                    "seconds",
                    "The field “seconds” must be \(Self.banSeconds): peers are refused for a day."
                )
            }
            guard await node.banPeer(try parameters.key("peer")) else {
                throw .notFound("that peer", remedy: "peer.list shows those that it knows.")
            }
        default: throw .methodNotFound(method)
        }
        return Self.done
    }

    private func peers(
        _ parameters: Parameters
    ) async throws(APIError) -> DocumentPage<PeerDocument> {
        let limit = try parameters.pageLimit()
        let text = try parameters.cursor()
        let cursor = text.flatMap(KeyCursor.init)
        guard text == nil || cursor != nil else { throw .badCursor }
        let peers = await node.status().peers.sorted { $0.identity < $1.identity }
            .filter { peer in cursor.map { $0.key < peer.identity } ?? true }
        let page = peers.prefix(limit).map { peer in
            PeerDocument(
                peer: peer.identity,
                address: peer.address.map(\.description),
                isInbound: peer.isInbound,
                kind: peer.kind.rawValue,
                found: peer.way.name,
                height: peer.height,
                pingMilliseconds: peer.pingMilliseconds,
                since: peer.since
            )
        }
        let next = peers.count > limit ? page.last.map { KeyCursor($0.peer).text } : nil
        return DocumentPage(page, next: next)
    }

    func minerMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method {
        case "miner.set": return try await setMiner(parameters)
        case "miner.generate":
            let count = try parameters.integer("blocks", in: 1...1_000)
            switch await node.generate(Int(count)) {
            case .success(let hashes):
                var writer = JSONWriter(capacity: hashes.count * 68 + 16)
                writer.beginObject()
                writer.name("blocks")
                writer.beginArray()
                for hash in hashes { writer.string(hash.hex) }
                writer.endArray()
                writer.endObject()
                return writer.bytes
            case .failure(.notDevelopment):
                throw .ruleBroken(
                    "notDevelopment",
                    "Only a development network mines on demand; others need miner.set."
                )
            case .failure(.failed(let reason)):
                throw .ruleBroken("generate", "No block was made: \(reason).")
            }
        default: throw .methodNotFound(method)
        }
    }

    private func setMiner(_ parameters: Parameters) async throws(APIError) -> [UInt8] {
        let before = await node.minerStatus()
        let isOn = try parameters.bool("enabled", default: before.isOn)
        var duty: Int?
        if parameters.has("dutyPercent") {
            duty = Int(try parameters.integer("dutyPercent", in: 1...100)) * 10
        }
        await node.setMiner(isOn, duty)
        let after = await node.minerStatus()
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("enabled")
        writer.bool(after.isOn)
        writer.name("dutyPercent")
        writer.integer(after.duty / 10)
        writer.endObject()
        return writer.bytes
    }

    func mempoolMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method {
        case "mempool.info":
            let status = await node.status()
            return MempoolInfo(
                entries: status.pooledEntries,
                bytes: status.pooledBytes,
                minimumDensity: status.minimumDensity
            ).serialized()
        case "mempool.list": return try await pooled(parameters).serialized()
        default: throw .methodNotFound(method)
        }
    }

    /// Waiting entries in the order of arrival, whose number is the cursor.
    private func pooled(
        _ parameters: Parameters
    ) async throws(APIError) -> DocumentPage<EntryDocument> {
        let limit = try parameters.pageLimit()
        let text = try parameters.cursor()
        let cursor = text.flatMap { UInt64($0, radix: 10) }
        guard text == nil || cursor != nil else { throw .badCursor }
        let waiting = await node.pool(.all(limit: Self.poolLimit))
            .filter { pooled in cursor.map { $0 < pooled.arrival } ?? true }
        let isSeen = await hasPeers()
        var clerk = EntryClerk(node.snapshot())
        let page = try Self.read { () throws(StoreFailure) in
            var documents: [EntryDocument] = []
            for pooled in waiting.prefix(limit) {
                documents.append(
                    try clerk.document(
                        pooled.valid.entry,
                        id: pooled.valid.id,
                        status: status(of: pooled, isSeen: isSeen)
                    )
                )
            }
            return documents
        }
        let next = waiting.count > limit ? String(waiting[limit - 1].arrival) : nil
        return DocumentPage(page, next: next)
    }
}
