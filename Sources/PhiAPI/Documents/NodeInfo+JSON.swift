import PhiLedger

extension NodeInfo {
    /// The document's members.
    public static let shape = ValueShape.object([
        .always("version", .text(byteLimit: 64), "The program's version."),
        .always("identity", .key, "The node's key towards peers."),
        .always(
            "network",
            .object([
                .always("name", .text(byteLimit: 64), "What people call it."),
                .always("chain", .digest, "The hash of its genesis header."),
                .always("prefix", .text(byteLimit: 16), "The prefix of bech32m names."),
                .always("parameters", .base64(byteLimit: 66), "The numbers of consensus."),
                .always("genesis", .base64(byteLimit: 156), "The first header."),
            ]),
            "The network that the node belongs to."
        ),
        .always("tip", .named("Tip"), "The last block of the best chain."),
        .always(
            "sync",
            .object([
                .always("state", .choice(["waiting", "syncing", "synced"]), "How far it is."),
                .always("bestHeader", .height, "The height of the best header known."),
                .always("peers", .count, "Peers past the handshake."),
            ]),
            "How far the node has caught up."
        ),
        .always(
            "limits",
            .object([
                .always("payloadBytes", .count, "Bytes of a payload at most, salt included."),
                .always("blockBytes", .count, "Bytes of a block's body at most."),
                .always("blockEntries", .count, "Entries of a block at most."),
                .always("stampRate", .count, "Hashes of stamp work for each priced byte."),
                .always("stampBase", .count, "Bytes that every stamp pays beside its entry's."),
                .always("expiryBlocks", .count, "Blocks in which an entry can be recorded."),
                .always("undoBlocks", .count, "The deepest reorganization followed unasked."),
                .always("pageItems", .count, "Items of a page at most."),
                .always("minimumDensity", .count, "Work for each priced byte taken now."),
            ]),
            "Sizes, stamp rate, expiry."
        ),
        .always(
            "miner",
            .object([
                .always("enabled", .boolean, "Whether the node mines."),
                .always("dutyThousandths", .count, "The share of one core."),
                .always("hashRate", .count, "Hashes in a second."),
            ]),
            "What the miner does."
        ),
        .always(
            "pruned",
            .object([.always("contentsFrom", .height, "The first height with contents.")]),
            "From which height contents are kept."
        ),
        .always("addresses", .list(of: .text(byteLimit: 300), limit: 64), "Where it listens."),
        .always("callable", .list(of: .text(byteLimit: 300), limit: 3), "Peers for a link."),
        .always("warnings", .list(of: .text(byteLimit: 300), limit: 64), "For the operator."),
        .always(
            "reorganizations",
            .object([
                .always("count", .count, "How many since the start."),
                .always("deepest", .count, "The deepest of them in blocks."),
            ]),
            "How often the best chain changed."
        ),
    ])

    /// Reads the document out of a tree.
    public init(json: JSON) throws(DocumentFailure) {
        let fields = try DocumentFields(json, of: "node")
        let sync = try fields.object("sync")
        let miner = try fields.object("miner")
        let reorganizations = try fields.object("reorganizations")
        self.init(
            version: try fields.string("version"),
            identity: try fields.fixed("identity"),
            network: try Self.network(try fields.object("network")),
            tip: try fields.document("tip"),
            sync: Sync(
                state: try sync.string("state"),
                bestHeader: try sync.height("bestHeader"),
                peers: try sync.count("peers")
            ),
            minimumDensity: try fields.object("limits").integer("minimumDensity"),
            miner: Miner(
                isEnabled: try miner.bool("enabled"),
                duty: try miner.count("dutyThousandths"),
                hashRate: try miner.integer("hashRate")
            ),
            contentsFrom: try fields.object("pruned").height("contentsFrom"),
            addresses: try fields.strings("addresses"),
            callable: try fields.strings("callable"),
            warnings: try fields.strings("warnings"),
            reorganizations: try reorganizations.count("count"),
            deepestReorganization: try reorganizations.integer("deepest")
        )
    }

    private static func network(_ fields: DocumentFields) throws(DocumentFailure) -> Network {
        let parameters = try fields.base64("parameters")
        let genesis = try fields.base64("genesis")
        let name = try fields.string("name")
        let prefix = try fields.string("prefix")
        let network: Network
        do {
            network = try Network(
                name: name,
                prefix: prefix,
                parameters: try NetworkParameters(decoding: parameters),
                genesis: try Header(decoding: genesis)
            )
        } catch {
            throw .wrong(field: "network", wanted: "a network whose genesis header is right")
        }
        guard try fields.fixed("chain") == network.chain else { throw .mismatch(field: "chain") }
        return network
    }

    /// Writes the document as one value.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("version", version)
        writer.member("identity", identity)
        writeNetwork(to: &writer)
        writer.member("tip", tip)
        writer.name("sync")
        writer.beginObject()
        writer.member("state", sync.state)
        writer.member("bestHeader", sync.bestHeader)
        writer.member("peers", sync.peers)
        writer.endObject()
        writeLimits(to: &writer)
        writer.name("miner")
        writer.beginObject()
        writer.member("enabled", miner.isEnabled)
        writer.member("dutyThousandths", miner.duty)
        writer.member("hashRate", miner.hashRate)
        writer.endObject()
        writer.name("pruned")
        writer.beginObject()
        writer.member("contentsFrom", contentsFrom)
        writer.endObject()
        writer.member("addresses", addresses)
        writer.member("callable", callable)
        writer.member("warnings", warnings)
        writer.name("reorganizations")
        writer.beginObject()
        writer.member("count", reorganizations)
        writer.member("deepest", deepestReorganization)
        writer.endObject()
        writer.endObject()
    }

    private func writeNetwork(to writer: inout JSONWriter) {
        writer.name("network")
        writer.beginObject()
        writer.member("name", network.name)
        writer.member("chain", network.chain)
        writer.member("prefix", network.prefix)
        writer.member("parameters", base64: network.parameters.encoded)
        writer.member("genesis", base64: network.genesis.encoded)
        writer.endObject()
    }

    private func writeLimits(to writer: inout JSONWriter) {
        let parameters = network.parameters
        writer.name("limits")
        writer.beginObject()
        writer.member("payloadBytes", parameters.maximumPayloadBytes)
        writer.member("blockBytes", parameters.maximumBodyBytes)
        writer.member("blockEntries", parameters.maximumEntries)
        writer.member("stampRate", parameters.stampRate)
        writer.member("stampBase", parameters.stampBase)
        writer.member("expiryBlocks", parameters.expiry)
        writer.member("undoBlocks", parameters.undoWindow)
        writer.member("pageItems", PageLimit.range.upperBound)
        writer.member("minimumDensity", minimumDensity)
        writer.endObject()
    }
}
