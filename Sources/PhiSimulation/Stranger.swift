import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

/// A peer that keeps to no rule.
struct Stranger {
    /// A connection to a node.
    struct Contact {
        let member: Int
        var isReady = false
        var isSpent = false
    }

    let behavior: Behavior
    let name: String
    let key: SimulatedKey
    let address: PeerAddress
    var chance: SeededChance
    var contacts: [PeerHandle: Contact] = [:]
    /// Blocks that it mined, by hash.
    var bodies: [Digest: [UInt8]] = [:]
    /// Entries that it made, by leaf hash.
    var entries: [Digest: Entry] = [:]
    /// Headers of a branch of its own, from the lowest.
    var branch: [Header] = []
    var branchParent: ValidHeader?
    var branchTree = MerkleFrontier()
    var acts = 0

    init(_ behavior: Behavior, index: Int, in scenario: Scenario, network: Network) {
        self.behavior = behavior
        name = "stranger \(index)"
        key = SimulatedKey(name)
        address = PeerAddress(version4: 0x0b00_0001 + UInt32(index) << 16, port: 7_181)
        chance = SeededChance(seed: scenario.seed, for: .dishonesty, index)
    }

    /// Connections past the greeting, in their order.
    var ready: [PeerHandle] { contacts.filter(\.value.isReady).keys.sorted() }
}

extension World {
    /// A dishonest peer calls nodes, and does what it does.
    mutating func mischief(_ index: Int) {
        guard elapsed < scenario.duration else {
            for handle in strangers[index].contacts.keys.sorted() {
                close(handle, by: members.count + index)
            }
            return
        }
        trace.absorb(0x2_0000 + UInt64(index))
        let limit = strangers[index].behavior == .eclipse ? 12 : 3
        if strangers[index].contacts.count < limit { visit(index) }
        act(index)
        strangers[index].acts += 1
        let wait = 200 + strangers[index].chance.below(3_000)
        queue.add(.mischief(index), at: now.adding(milliseconds: wait))
    }

    private mutating func visit(_ index: Int) {
        let isRing = strangers[index].behavior == .eclipse
        let member = isRing ? 0 : strangers[index].chance.index(members.count)
        let party = members.count + index
        let isThere = strangers[index].contacts.contains { $0.value.member == member }
        guard members[member].node != nil, !isBlocked(party, member), !isBlocked(member, party),
            isRing || !isThere
        else { return }
        let link = connect(party, 0, member, members[member].incarnation)
        strangers[index].contacts[link * 2] = Stranger.Contact(member: member)
        let key =
            isRing
            ? SimulatedKey("\(strangers[index].name), face \(link)") : strangers[index].key
        announce(link, to: member, identity: key.verifyingKey, from: strangers[index].address)
        // Whoever reads nothing does not wait to be greeted.
        if strangers[index].behavior == .neverReads { greet(link * 2, by: index) }
    }

    mutating func lost(_ index: Int, _ handle: PeerHandle) {
        strangers[index].contacts[handle] = nil
    }

    /// Says something over a connection.
    mutating func say(_ message: Message, _ handle: PeerHandle, by index: Int) {
        send(
            .message(type: message.type.rawValue, body: message.encodedBody()),
            over: handle,
            from: members.count + index
        )
    }

    /// The node with the most work, whose chain the stranger knows.
    var patron: Int? {
        members.indices.filter { members[$0].node != nil && !members[$0].isBusy }
            .max { left, right in
                (members[left].node?.tip.header.chainWork ?? .zero)
                    < (members[right].node?.tip.header.chainWork ?? .zero)
            }
    }

    mutating func greet(_ handle: PeerHandle, by index: Int) {
        let isLow = strangers[index].behavior == .eclipse
        let tip = isLow ? nil : patron.flatMap { members[$0].node?.tip }
        let claim = TipClaim(
            hash: tip?.hash ?? network.chain,
            height: tip?.header.height ?? .genesis,
            work: tip?.header.chainWork ?? network.genesis.chainWork
        )
        let isOther = strangers[index].behavior == .wrongChain
        let hello = Hello(
            chain: isOther ? SHA256.hash([1]) : network.chain,
            parameters: network.parameters,
            tip: claim,
            payloadsFrom: .genesis,
            envelopesFrom: .genesis,
            minimumDensity: 0,
            observedAddress: PeerAddress(version4: 0x0a00_0001, port: 0),
            record: nil
        )
        say(.hello(hello), handle, by: index)
        if strangers[index].behavior == .helloTwice { say(.hello(hello), handle, by: index) }
        strangers[index].contacts[handle]?.isReady = true
    }
}
