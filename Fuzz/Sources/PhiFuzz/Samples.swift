import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// Values that the inputs to begin with are made of.
enum Samples {
    /// A network whose blocks and stamps take next to no work.
    static let network = TestNetwork.make()
    static let parameters = network.parameters
    static let now = network.genesis.time.adding(milliseconds: 10_000_000)

    /// The key of an author whom every target knows.
    static let signer = TestKey("fuzz author")

    /// One entry of each kind, by two authors, which a block could hold in this order.
    static let entries: [Entry] = {
        var host = TestAuthor("host", on: network)
        var guest = TestAuthor("guest", on: network)
        let link = TestKey("link")
        let open = host.open(writing: .link, linkKey: link.verifyingKey)
        let named = host.open(writing: .named, lifetime: 5, title: "")
        let join = guest.join(open.id, by: link)
        let message = guest.message("good morning", in: open.id)
        let admit = host.admit([guest.key, signer.verifyingKey], to: named.id)
        let revoke = host.revoke([guest.key], in: open.id)
        let close = host.close(open.id)
        let approve = host.approve(
            MinutesDigest(count: 4, root: message.leaf),
            of: open.id,
            close: close.id
        )
        return [open, named, join, message, admit, revoke, close, approve]
    }()

    /// A short chain with entries in two of its blocks.
    static let chain: TestChain = {
        var chain = TestChain(on: network)
        chain.append(Array(entries.prefix(2)))
        chain.grow(by: 3)
        chain.append(Array(entries[2...4]), delay: 40_000)
        chain.append()
        return chain
    }()

    static func digest(_ number: UInt64) -> Digest {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: number)
        return SHA256.hash(bytes)
    }

    static func digests(_ count: Int) -> [Digest] { (0..<count).map { digest(UInt64($0)) } }

    static func address(_ last: Int) -> PeerAddress {
        PeerAddress(version4: 0xcb00_7100 + UInt32(last), port: 7181)
    }

    /// A signed record of a node with so many addresses.
    static func record(addresses: Int = 1) -> NodeRecord {
        let draft = NodeRecordDraft(
            flags: [.full, .dialable],
            signedAt: network.genesis.time,
            validity: 24 * 3_600_000,
            servesFrom: Height(9),
            addresses: (1...addresses).map { address($0) }
        )
        do {
            return try draft.signed(by: SigningKey(seed: signer.seed), chain: network.chain)
        } catch { preconditionFailure("libcrypto signs: \(error)") }
    }

    static func claim(_ block: TestBlock) -> TipClaim {
        TipClaim(hash: block.hash, height: block.height, work: block.header.header.chainWork)
    }

    static func hello(_ record: NodeRecord? = nil) -> Hello {
        Hello(
            chain: network.chain,
            parameters: parameters,
            tip: claim(chain.tip),
            payloadsFrom: .genesis,
            envelopesFrom: Height(1),
            minimumDensity: 2,
            observedAddress: address(9),
            record: record
        )
    }
}
