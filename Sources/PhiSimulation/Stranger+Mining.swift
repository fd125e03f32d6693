import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

extension World {
    /// Mines a block with something wrong in it on the best tip, and shows it.
    mutating func mineBadly(_ handle: PeerHandle, _ index: Int) {
        guard let (tip, history) = bestTip(), let entries = wrongBody(index), !entries.isEmpty
        else { return }
        let body = BlockBody(entries)
        let isLie = strangers[index].behavior == .lengthLies
        let rules = HeaderRules(network)
        let earliest = rules.earliestTime(after: tip.header)
        guard
            let draft = try? rules.draft(
                after: tip,
                time: max(now, earliest),
                entryCount: UInt32(entries.count),
                bodyBytes: UInt32(body.byteCount + (isLie ? 1 : 0)),
                entriesRoot: body.root,
                historyRoot: history.root
            ), let target = try? rules.target(of: draft.bits)
        else { return }
        let header = SimulatedNetwork.mined(draft, target: target)
        strangers[index].bodies[header.hash] = body.encoded
        if strangers[index].behavior == .brokenRule { checker.invalid.insert(header.hash) }
        guard let item = compact(header, after: tip.header), let start = tip.header.height.next
        else { return }
        if strangers[index].behavior == .badPush {
            let same = ShortID(truncating: strangers[index].chance.below(4))
            let push = CompactBlock(
                height: header.height,
                parent: tip.hash,
                header: item,
                salt: strangers[index].chance.next(),
                identifiers: Array(repeating: same, count: entries.count),
                prefilled: []
            )
            for other in strangers[index].ready { say(.compactBlock(push), other, by: index) }
        } else {
            let batch = HeaderBatch(start: start, parent: tip.hash, items: [item])
            for other in strangers[index].ready { say(.headers(batch), other, by: index) }
        }
    }

    /// Entries that have no place together at the tip, or real ones where the lie is elsewhere.
    private mutating func wrongBody(_ index: Int) -> [Entry]? {
        guard let patron else { return nil }
        let real = members[patron].node?.pooled(.all(limit: 5)).map(\.valid.entry) ?? []
        guard strangers[index].behavior == .brokenRule else { return real }
        guard let meeting = writers.anyMeeting, let tip = members[patron].node?.tip else {
            return nil
        }
        let draft = EntryDraft(
            kind: .message,
            chain: network.chain,
            meeting: meeting,
            author: strangers[index].key.verifyingKey,
            sequence: 77,
            previous: SHA256.hash([7]),
            anchorHeight: tip.header.height.previous ?? .genesis,
            anchorTail: AnchorTail(of: tip.header.previous),
            authorTime: network.genesis.time,
            payload: Array(repeating: 7, count: 20)
        )
        return sealed(draft, by: strangers[index].key).map { real + [$0] }
    }
}
