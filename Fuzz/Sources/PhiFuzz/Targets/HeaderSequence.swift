import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

@testable import PhiNode

extension FuzzTarget {
    /// Runs of headers on a network whose difficulty moves.
    static let headerSequence = FuzzTarget(
        "header-sequence",
        "runs of headers: expanding, judging and the first pass agree, a changed field is refused",
        byteLimit: 1_024,
        memory: MemoryBound(base: 262_144, perByte: 64),
        seeds: {
            var steady: [UInt8] = []
            var slow: [UInt8] = []
            for index in 0..<UInt8(12) {
                steady += [0, 0x10, 0x27, 0]
                slow += [index, 0xff, 0xff, index]
            }
            return [steady, slow, steady + slow, [3, 1, 0, 9]]
        },
        run: { input in
            var supply = Supply(input)
            let rules = Samples.movingRules
            var last = ValidHeader(genesisOf: rules.network)
            var frontier = MerkleFrontier()
            frontier.append(leaf: last.header.historyLeaf)
            var pass = HeaderPresync(after: last, frontier: frontier, accepted: nil, now: .zero)
            var items: [CompactHeader] = []
            while !supply.isEmpty, items.count < 64 {
                let shape = supply.byte()
                let delay = UInt64(supply.integer(as: UInt16.self)) << (shape & 31)
                let extra = supply.byte()
                guard
                    let item = child(
                        of: last,
                        delay: delay,
                        root: frontier.root,
                        entries: shape >> 6
                    )
                else { break }
                let next = expanded(item, after: last, root: frontier.root)
                claim(next.header.chainWork > last.header.chainWork) { "work grows" }
                claim(next.header.idle >= last.header.idle) { "forgiven time never shrinks" }
                refuse(next.header, changedBy: extra, after: last, root: frontier.root)
                frontier.append(leaf: next.header.historyLeaf)
                items.append(item)
                last = next
            }
            let tooNew = try? pass.extend(
                by: items,
                rules: rules,
                now: Timestamp(milliseconds: .max)
            )
            claim(tooNew == .some(nil)) { "the first pass takes what was judged" }
            claimEqual(pass.last, last, "the end of the first pass")
            claimEqual(pass.count, UInt64(items.count), "the headers of the first pass")
        }
    )

    /// A child in its compact form, its work shown; nil where the time allows none.
    private static func child(
        of parent: ValidHeader,
        delay: UInt64,
        root: Digest,
        entries: UInt8
    ) -> CompactHeader? {
        let rules = Samples.movingRules
        let earliest = rules.earliestTime(after: parent.header)
        let draft = try? rules.draft(
            after: parent,
            time: earliest.adding(milliseconds: delay),
            entryCount: UInt32(entries),
            bodyBytes: UInt32(entries) * 300,
            entriesRoot: entries == 0 ? MerkleTree.emptyRoot : root,
            historyRoot: root
        )
        guard let draft, let target = try? rules.target(of: draft.bits),
            target >= .powerOfTwo(245)
        else { return nil }
        let header = TestNetwork.mined(draft, target: target)
        let compact = CompactHeader(
            header,
            after: parent.header.time,
            minimumSpacing: rules.network.parameters.minimumSpacing
        )
        claim(compact != nil) { "a header that is late enough has a compact form" }
        return compact
    }

    private static func expanded(
        _ item: CompactHeader,
        after parent: ValidHeader,
        root: Digest
    ) -> ValidHeader {
        do {
            let rules = Samples.movingRules
            let next = try rules.expand(item, after: parent, historyRoot: root)
            let judged = try rules.judge(next.header, after: parent, historyRoot: root)
            claimEqual(judged, next, "a header judged whole")
            claimEqual(try? Header(decoding: next.header.encoded), next.header, "a header read")
            return next
        } catch {
            claim(false) { "a header that was made by the rules is refused: \(error)" }
            return parent
        }
    }

    private static func refuse(
        _ right: Header,
        changedBy change: UInt8,
        after parent: ValidHeader,
        root: Digest
    ) {
        var header = right
        switch change % 8 {
        case 0: header.idle &+= 1 + UInt64(change)
        case 1: header.bits &+= 1
        case 2: header.chainWork = Work(rawValue: header.chainWork.rawValue &+ 1)
        case 3: header.historyRoot = header.previous
        case 4: header.height = Height(header.height.rawValue &+ UInt32(change))
        case 5: header.time = parent.header.time
        case 6: header.bodyBytes = .max
        default: header.previous = header.historyRoot
        }
        guard header != right else { return }
        let judged = try? Samples.movingRules.judge(header, after: parent, historyRoot: root)
        claim(judged == nil) { "a header with a wrong field is refused" }
    }
}

extension Samples {
    /// The rules of a network whose targets follow the schedule from an easy start.
    static let movingRules = HeaderRules(
        TestNetwork.make(retargets: true, genesisTarget: .powerOfTwo(254))
    )
}
