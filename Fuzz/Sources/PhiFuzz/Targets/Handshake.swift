import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiTesting
import PhiWire

extension FuzzTarget {
    /// A whole node whose peers connect and say anything, from the first word on.
    static let handshake = FuzzTarget(
        "handshake",
        "a whole node and up to four peers: any message in any state, memory within its limits",
        byteLimit: 4_096,
        memory: MemoryBound(base: 24 << 20, perByte: 4_096),
        seeds: {
            let greet: [UInt8] = [0, 1, 2, 0]
            let all = Samples.messages.indices.flatMap { [UInt8(2), UInt8($0)] }
            let raw = Samples.messages.prefix(14).map { message -> [UInt8] in
                let body = message.encodedBody()
                guard body.count < 1_000 else { return [] }
                return [3, message.type.rawValue] + littleEndian(body.count) + body
            }
            return [
                greet + all, greet + [4, 9, 4, 40, 5, 0] + all, greet + raw.joined(),
                greet + [2, 10, 4, 1, 8, 2, 12, 7, 6, 7, 1, 2, 2, 14], [0, 0, 3, 1, 0, 0, 1],
            ]
        },
        run: { input in
            var supply = Supply(input)
            var bench = NodeBench()
            while !supply.isEmpty { bench.act(&supply) }
            bench.finish()
        }
    )

    private static func littleEndian(_ count: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8)]
    }
}

/// A node over memory, whose effects are carried out as a daemon would.
private struct NodeBench {
    private let store = MemoryStore()
    private var node: Node<MemoryStore>
    private var now = Samples.now
    private var connected: Set<PeerHandle> = []
    private var halted = false
    private static let identity = TestKey("bench").verifyingKey
    private static let peers = (0...4).map { TestKey("peer \($0)").verifyingKey }

    init() {
        do {
            try StoreFormat.prepare(store, network: Samples.network)
            node = try Node(
                store: store,
                network: Samples.network,
                identity: Self.identity,
                policy: .local,
                seed: 1
            )
        } catch { preconditionFailure("an empty store is opened: \(error)") }
        step(.started(ownRecord: nil))
    }

    /// One thing that happens, as the next bytes choose.
    mutating func act(_ supply: inout Supply) {
        let action = supply.byte()
        let peer = PeerHandle(1 + action >> 4 & 3)
        switch action % 10 {
        case 0, 1: connect(peer, isInbound: supply.flag())
        case 2: receive(Samples.messages[Int(supply.byte()) % Samples.messages.count], from: peer)
        case 3: receive(raw: &supply, from: peer)
        case 4: wait(UInt64(supply.byte()) * 250)
        case 5: disconnect(peer)
        case 6: step(.dialFailed(Samples.address(supply.choice(4))))
        case 7: mine(supply.choice(4))
        case 8: submit(Deck.all[Int(supply.byte()) % Deck.all.count])
        default: step(.addPeer(Samples.address(supply.choice(4)), nil, via: .manual))
        }
    }

    private mutating func connect(_ peer: PeerHandle, isInbound: Bool) {
        guard connected.insert(peer).inserted else { return }
        step(
            .connected(
                peer,
                identity: Self.peers[Int(peer)],
                isInbound: isInbound,
                address: Samples.address(Int(peer))
            )
        )
    }

    private mutating func disconnect(_ peer: PeerHandle) {
        guard connected.remove(peer) != nil else { return }
        step(.disconnected(peer))
    }

    private mutating func receive(_ message: Message, from peer: PeerHandle) {
        guard connected.contains(peer) else { return }
        step(.received(peer, message))
    }

    private mutating func receive(raw supply: inout Supply, from peer: PeerHandle) {
        let type = supply.byte()
        let count = Int(supply.integer(as: UInt16.self))
        let body = supply.take(count)
        guard connected.contains(peer) else { return }
        do throws(WireFailure) {
            let message = try Message.decode(
                type: type,
                body: body,
                parameters: Samples.parameters
            )
            step(.received(peer, message))
        } catch { step(.malformed(peer, error)) }
    }

    private mutating func wait(_ milliseconds: UInt64) {
        now = now.adding(milliseconds: milliseconds)
        step(.tick)
    }

    private mutating func submit(_ entry: ValidEntry) {
        step(.submitted([(token: RequestToken(7), entry: entry)]))
    }

    private mutating func mine(_ delay: Int) {
        now = now.adding(milliseconds: 100 + UInt64(delay))
        step(.tick)
        guard !halted, let template = try? node.template(at: now) else { return }
        let header = TestNetwork.mined(template.header, target: template.target)
        step(.mined(header, template.entries))
    }

    private mutating func step(_ event: Event) {
        var events = [event]
        var steps = 0
        while !events.isEmpty, !halted {
            steps += 1
            claim(steps < 1_000) { "a node comes to rest after \(event)" }
            for effect in node.step(events.removeFirst(), at: now) {
                if let next = perform(effect) { events.append(next) }
            }
        }
    }

    private mutating func perform(_ effect: Effect) -> Event? {
        switch effect {
        case .commit(let batch, let durable): store.commit(batch, durable: durable)
        case .judge(let token, let entries, let linkKeys):
            return .judged(
                token,
                entries.map { entry in
                    Result { () throws(EntryViolation) in
                        try ValidEntry(judging: entry, on: Samples.network, linkKeys: linkKeys)
                    }
                }
            )
        case .resume: return .resume
        case .send(_, let message):
            claim(message.encodedBody().count <= message.type.bodyLimit) { "what is sent fits" }
        case .disconnect(let peer, _): connected.remove(peer)
        case .halt(let reason):
            halted = true
            if case .store(let failure) = reason {
                claim(false) { "the store is whole: \(failure)" }
            }
        case .dial, .pause, .reply, .notify, .wake, .templateChanged, .report: break
        }
        return nil
    }

    /// What must hold at the end: every part of the memory keeps its limit.
    mutating func finish() {
        wait(120_000)
        let use = node.memory
        for part in use.excess {
            claim(false) {
                "\(part.rawValue) takes \(use.bytes(of: part)) bytes, at most "
                    + "\(use.limit(of: part))"
            }
        }
    }
}
