import PhiAPI
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import Synchronization

/// A node with one public meeting, whose answers to submitted entries a test scripts.
final class StubLedger: Sendable {
    /// What the node does with the next entry.
    enum Verdict: Sendable {
        /// Takes it.
        case take
        /// Takes it, and the answer is lost.
        case takeAndHangUp
        /// Loses it.
        case loseAndHangUp
        /// Refuses it by a rule.
        case refuse(String)
        /// Refuses it, since another entry with the author's number came before.
        case overtake
    }

    private struct State {
        var verdicts: [Verdict]
        var offered: [Entry] = []
        var taken: [Entry] = []
        var overtaken: UInt64 = 0
        var recorded: Set<Digest> = []
    }

    let network = TestNetwork.make(stampRate: 1)
    let opening: Entry
    private let state: Mutex<State>

    init(_ verdicts: [Verdict]) {
        var host = TestAuthor("host", on: network)
        opening = host.open()
        state = Mutex(State(verdicts: verdicts))
    }

    var meeting: Digest { opening.id }
    /// Every entry that came, taken or not.
    var offered: [Entry] { state.withLock { $0.offered } }
    /// The entries that were taken.
    var taken: [Entry] { state.withLock { $0.taken } }

    /// Puts all that was taken into a block.
    func record() { state.withLock { $0.recorded.formUnion($0.taken.map(\.id)) } }

    /// Loses all that was taken.
    func forget() { state.withLock { $0.taken = [] } }

    func answer(_ request: StubNode.Request) -> StubNode.Answer {
        guard let (method, parameters) = request.call else { return .hangUp }
        switch method {
        case "node.info": return .result(info)
        case "chain.tip": return .result(JSON.of(TipDocument(network.genesis)))
        case "entry.get":
            return .result(JSON.of(EntryDocument(opening, id: meeting, isPublic: true)))
        case "stamp.quote": return .result(JSON.of(StampQuote(work: 1, poolWork: 1)))
        case "author.head": return .result(head(parameters))
        case "entry.status": return .result(status(parameters))
        case "entry.submit": return submit(parameters)
        default: return .refusal(.methodNotFound(method))
        }
    }

    private var info: JSON {
        JSON.of(
            NodeInfo(
                version: "0",
                identity: .zero,
                network: network,
                tip: TipDocument(network.genesis),
                sync: NodeInfo.Sync(state: "synced", bestHeader: .genesis, peers: 0),
                minimumDensity: 0,
                miner: NodeInfo.Miner(isEnabled: false, duty: 0, hashRate: 0),
                contentsFrom: .genesis,
                addresses: [],
                warnings: [],
                reorganizations: 0,
                deepestReorganization: 0
            )
        )
    }

    private func head(_ parameters: JSON) -> JSON {
        let (last, overtaken) = state.withLock { ($0.taken.last, $0.overtaken) }
        let author = parameters["author"]?.string.flatMap { VerifyingKey(hex: $0) } ?? .zero
        return JSON.of(
            AuthorHeadDocument(
                author: author,
                meeting: meeting,
                sequence: (last.map { $0.sequence + 1 } ?? 0) + overtaken,
                previous: last?.id ?? .zero,
                pending: 0
            )
        )
    }

    private func status(_ parameters: JSON) -> JSON {
        let id = parameters["entry"]?.string.flatMap { Digest(hex: $0) } ?? .zero
        let isKnown = taken.contains { $0.id == id }
        let isRecorded = state.withLock { $0.recorded.contains(id) }
        let step = isRecorded ? DeliveryStep.recorded : isKnown ? .pending : .unknown
        return JSON.of(EntryStatusDocument(entry: id, status: step))
    }

    private func submit(_ parameters: JSON) -> StubNode.Answer {
        guard let bytes = parameters["entry"]?.string.flatMap({ Base64.decode($0) }),
            let entry = try? Entry(decoding: bytes, payloadLimit: 32_768)
        else { return .hangUp }
        return state.withLock { state in
            state.offered.append(entry)
            let verdict = state.verdicts.isEmpty ? .take : state.verdicts.removeFirst()
            switch verdict {
            case .take:
                state.taken.append(entry)
                let status = EntryStatusDocument(entry: entry.id, status: .pending)
                return .result(JSON.of(SubmitDocument(status: status, isNew: true)))
            case .takeAndHangUp:
                state.taken.append(entry)
                return .hangUp
            case .loseAndHangUp: return .hangUp
            case .refuse(let rule): return .refusal(.ruleBroken(rule, "No."))
            case .overtake:
                state.overtaken += 1
                return .refusal(.ruleBroken("sequence", "The seq is taken."))
            }
        }
    }
}

extension JSON {
    /// A document as a tree.
    static func of(_ document: some Document) -> JSON {
        (try? JSON(parsing: document.serialized())) ?? .null
    }
}
