import PhiAPI
import PhiCrypto
import PhiLedger
import PhiTesting

/// A document of each kind, and the members that each has.
enum DocumentSamples {
    static let network = TestNetwork.make()

    static let block: TestBlock = {
        var chain = TestChain(on: network)
        var ann = TestAuthor("ann", on: network)
        let open = ann.open(title: "plans")
        chain.append([open, ann.message("hello", in: open.id)])
        return chain.append([
            ann.message("again", in: open.id),
            ann.revoke([TestKey("ben").verifyingKey], in: open.id),
            ann.close(open.id),
            ann.approve(MinutesDigest(count: 5, root: open.id), of: open.id, close: open.id),
        ])
    }()

    static var header: Header { block.block.header }

    static var place: BlockPlace {
        BlockPlace(block: header.hash, height: header.height, index: 3)
    }

    static func status(_ step: DeliveryStep = .settled) -> EntryStatusDocument {
        EntryStatusDocument(entry: entry.id, status: step, depth: 12, place: place)
    }

    static var entry: Entry { block.body.entries[0] }

    static var proof: EntryProofDocument {
        EntryProofDocument(
            header: header,
            index: 0,
            path: MerkleTree.inclusionProof(index: 0, leaves: block.body.entries.map(\.leaf))
        )
    }

    static func entryDocument(form: Form = .decoded, isPublic: Bool = true) -> EntryDocument {
        EntryDocument(
            entry,
            id: entry.id,
            isPublic: isPublic,
            form: form,
            status: status(),
            proof: proof
        )
    }

    static var nodeInfo: NodeInfo {
        NodeInfo(
            version: "1.0",
            identity: TestKey("node").verifyingKey,
            network: network,
            tip: TipDocument(header),
            sync: NodeInfo.Sync(state: "synced", bestHeader: Height(3), peers: 2),
            minimumDensity: 7,
            miner: NodeInfo.Miner(isEnabled: true, duty: 100, hashRate: 12_345),
            contentsFrom: .genesis,
            addresses: ["127.0.0.1:1"],
            callable: ["\(TestKey("node").verifyingKey.hex)@203.0.113.1:1"],
            warnings: ["DEGRADED"],
            reorganizations: 3,
            deepestReorganization: 4
        )
    }

    static var peer: PeerDocument {
        PeerDocument(
            peer: TestKey("peer").verifyingKey,
            address: nil,
            isInbound: true,
            kind: "inbound",
            found: "incoming",
            height: Height(9),
            pingMilliseconds: 12,
            since: Timestamp(milliseconds: 1_700_000_000_000)
        )
    }

    static var minutes: MinutesDocument {
        MinutesDocument(
            meeting: entry.meeting,
            isClosed: true,
            minutes: MinutesDigest(count: 2, root: entry.leaf),
            close: entry.id,
            firstLeaf: 1,
            leaves: [entry.leaf, entry.id],
            approvals: [entryDocument()],
            next: "l00"
        )
    }

    static var page: HistoryPage {
        HistoryPage(
            entries: [entryDocument(), entryDocument(form: .raw)],
            pending: [EntryDocument(entry, id: entry.id, isPublic: false)],
            next: "p1",
            previous: nil,
            scanned: 17
        )
    }

    static var all: [any Document] {
        [
            TipDocument(header), HeaderDocument(header), HeaderDocument(header, form: .raw),
            entryDocument(), entryDocument(form: .raw), entryDocument(isPublic: false),
            status(), EntryStatusDocument(entry: .zero, status: .unknown), proof,
            SubmitDocument(status: status(.pending), isNew: true),
            BlockDocument(header: header, entries: [entryDocument()]),
            BlockDocument(header: header, body: block.body.encoded),
            AuthorHeadDocument(
                author: entry.author,
                meeting: entry.meeting,
                sequence: 1 << 60,
                previous: entry.id,
                pending: 2
            ),
            nodeInfo, peer, minutes, page,
            NodeHealth([
                NodeHealth.Check(name: "store", passed: true, detail: "height 3"),
                NodeHealth.Check(name: "sync", passed: false, detail: "behind"),
            ]),
            MempoolInfo(entries: 1, bytes: 2, minimumDensity: .max),
            StampQuote(work: 333_824, poolWork: .max), StampedDocument(entry),
            ReceiptDocument(entry: entry.id, receipt: "phi-receipt/v1\n\n"),
            DocumentPage([HeaderDocument(header)], next: "4"),
            DocumentPage([peer], next: nil),
            LedgerEventDocument.connected(HeaderDocument(header)),
            LedgerEventDocument.disconnected(HeaderDocument(header)),
            LedgerEventDocument.entry(entryDocument()), LedgerEventDocument.status(status()),
            LedgerEventDocument.dropped(entry: entry.id, reason: "evicted"),
            LedgerEventDocument.reset(reason: "gone"),
        ]
    }
}
