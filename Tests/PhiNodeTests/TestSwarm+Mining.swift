import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiSimulation
import PhiTesting
import PhiWire

extension TestSwarm {
    /// Has a member, or one by chance each time, find a block now and then.
    mutating func scheduleMining(by member: Int? = nil, every milliseconds: UInt64) {
        queue.add(
            .mine(member: member, every: milliseconds),
            at: now.adding(milliseconds: milliseconds)
        )
    }

    mutating func mine(_ member: Int?, every milliseconds: UInt64) {
        if isMining {
            let able = miners ?? Array(members.indices)
            mine(member ?? able[Int(below(UInt64(able.count)))])
        }
        let jitter = draw(0...milliseconds / 2)
        queue.add(
            .mine(member: member, every: milliseconds),
            at: now.adding(milliseconds: milliseconds * 3 / 4 + jitter)
        )
    }

    /// Finds one block on the tip of a member that is up and has a template.
    @discardableResult
    mutating func mine(_ index: Int) -> Bool {
        guard let node = members[index].node,
            let template = try? node.template(at: now)
        else { return false }
        let header = TestNetwork.mined(template.header, target: template.target)
        step(index, .mined(header, template.entries))
        return members[index].node?.status.tip.hash == header.hash
    }

    /// Finds so many blocks one after another, with time between them.
    mutating func mine(_ index: Int, count: Int, every milliseconds: UInt64 = 100) {
        for _ in 0..<count {
            run(for: milliseconds)
            mine(index)
        }
    }

    /// Whether all members that are up have one tip.
    var agrees: Bool {
        let tips = members.indices.filter { members[$0].node != nil }.map { tip($0).hash }
        return tips.allSatisfy { $0 == tips.first }
    }

    /// The ids of all entries of a member's chain, in their order.
    func history(_ index: Int) throws -> [Digest] {
        let chain = chain(index)
        var ids: [Digest] = []
        for height in 0...(try chain.tip().height.rawValue) {
            ids += try chain.entries(at: Height(height)).map(\.id)
        }
        return ids
    }

    /// Everything in a member's store that the chain fixes.
    func state(_ index: Int) -> [[UInt8]] { members[index].store.chainState }

    mutating func record(_ effect: Effect, of index: Int) {
        guard let before = trace else { return }
        var bytes = before.bytes
        bytes.append(littleEndian: now.milliseconds)
        bytes.append(littleEndian: UInt32(index))
        switch effect {
        case .send(let handle, let message):
            bytes.append(littleEndian: handle)
            bytes.append(message.type.rawValue)
            bytes += message.encodedBody()
        case .commit(let batch, let durable):
            bytes.append(durable ? 1 : 0)
            for change in batch.changes { bytes += change.key + (change.value ?? [0]) }
        default: bytes += Array("\(effect)".utf8)
        }
        trace = SHA256.hash(bytes)
    }
}

extension MemoryStore {
    /// All records that follow from the chain, without what is kept beside it.
    var chainState: [[UInt8]] {
        pairs.filter {
            $0.key[0] != Schema.sideBlock.rawValue && $0.key[0] != Schema.pooled.rawValue
        }
        .map { $0.key + [0xff, 0xff] + $0.value }
    }
}
