import PhiChain
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiNode
import PhiWire

/// Tells what a node was told and what it wanted, in a line for people who look for a cause.
enum Narration {
    static func of(_ event: Event) -> String {
        switch event {
        case .started: "started"
        case .tick: "tick"
        case .resume: "resume"
        case .connected(let handle, _, let isInbound, _):
            "connected \(handle) \(isInbound ? "inbound" : "outbound")"
        case .received(let handle, let message): "from \(handle): \(of(message))"
        case .malformed(let handle, let failure): "from \(handle): malformed \(failure)"
        case .disconnected(let handle): "disconnected \(handle)"
        case .dialFailed: "dial failed"
        case .judged(let token, let results): "judged \(token): \(results.count) entries"
        case .submitted(let items):
            "submitted " + items.map { name($0.entry.id) }.joined(separator: " ")
        case .mined(let header, let entries):
            "mined \(name(header.hash)) with \(entries.map { name($0.id) })"
        case .addPeer: "add peer"
        case .removePeer, .banPeer: "remove peer"
        case .remembered(let records): "remembered \(records.count) records"
        case .renewed: "renewed its record"
        case .acceptReorganization(let hash): "accept \(name(hash))"
        }
    }

    /// What an effect is, or nil where it says nothing.
    static func of(_ effect: Effect) -> String? {
        switch effect {
        case .send(let handle, let message): "to \(handle): \(of(message))"
        case .disconnect(let handle, let reason): "disconnect \(handle): \(reason)"
        case .dial: "dial"
        case .pause(let handle, let until): "pause \(handle) until \(until.milliseconds)"
        case .commit(let batch, let isDurable):
            "commit \(batch.changes.count) changes\(isDurable ? ", durable" : "")"
        case .judge(let token, let entries, _): "judge \(token): \(entries.count) entries"
        case .reply(_, let answer): "reply \(of(answer))"
        case .notify(let notice): of(notice)
        case .wake, .resume, .templateChanged: nil
        case .halt(let reason): "halt: \(reason)"
        case .report(let report): "report \(report)"
        }
    }

    static func of(_ tip: ValidHeader) -> String {
        "\(tip.header.height.rawValue):\(name(tip.hash)) work \(tip.header.chainWork.rawValue)"
    }

    private static func of(_ answer: Result<Digest, SubmitRefusal>) -> String {
        switch answer {
        case .success(let id): "taken \(name(id))"
        case .failure(let refusal): "refused: \(refusal)"
        }
    }

    private static func of(_ notice: LedgerNotice) -> String {
        switch notice {
        case .connected(let header, let entries):
            "connected \(of(header)) with \(entries.map { name($0.id) })"
        case .disconnected(let header, let entries):
            "took back \(of(header)) with \(entries.map { name($0.id) })"
        case .pooled(let pooled): "pooled \(of(pooled))"
        case .dropped(let pooled, let reason): "dropped \(of(pooled)): \(reason.rawValue)"
        }
    }

    private static func of(_ pooled: PooledEntry) -> String {
        let entry = pooled.valid.entry
        return "\(entry.kind) \(name(pooled.valid.id)) \(entry.sequence)"
            + " by \(entry.author.bytes.prefix(2)) in \(name(entry.meeting))"
            + " at \(entry.anchorHeight.rawValue)"
    }

    private static func of(_ message: Message) -> String {
        switch message {
        case .hello(let hello): "hello \(of(hello.tip))"
        case .ping(let ping): "ping \(of(ping.tip))"
        case .getHeaders(let hashes): "getHeaders \(names(hashes))"
        case .headers(let batch):
            "headers \(batch.items.count) from \(batch.start.rawValue) after \(name(batch.parent))"
        case .getBlocks(let hashes): "getBlocks \(names(hashes))"
        case .block(let hash, _): "block \(name(hash))"
        case .missingBlocks(let hashes): "missingBlocks \(names(hashes))"
        case .compactBlock(let block):
            "compactBlock at \(block.height.rawValue) after \(name(block.parent))"
        case .getBlockEntries(let hash, let indexes):
            "getBlockEntries \(indexes.count) of \(name(hash))"
        case .blockEntries(let hash, let entries):
            "blockEntries \(entries.count) of \(name(hash))"
        case .entries(let entries): "entries \(names(entries.map(\.id)))"
        default: "\(message.type)"
        }
    }

    private static func of(_ claim: TipClaim) -> String {
        "\(claim.height.rawValue):\(name(claim.hash)) work \(claim.work.rawValue)"
    }

    private static func names(_ hashes: [Digest]) -> String {
        let first = hashes.prefix(3).map(name).joined(separator: " ")
        return hashes.count > 3 ? "\(first) and \(hashes.count - 3) more" : first
    }

    static func name(_ hash: Digest) -> String { String(hash.hex.prefix(8)) }
}

extension World {
    /// Tells a line about a member, where somebody listens.
    func narrate(_ index: Int, _ line: @autoclosure () -> String) {
        guard let listener = hooks.narrate else { return }
        listener("\(elapsed) ms, node \(index): \(line())")
    }

    /// Tells what a node was told and what it wanted, where anything came of it.
    func narrate(_ index: Int, _ event: Event, _ effects: [Effect]) {
        guard hooks.narrate != nil else { return }
        let wishes = effects.compactMap { Narration.of($0) }
        if wishes.isEmpty, event.isEmpty { return }
        let tip = members[index].node.map { "[\(Narration.of($0.tip))] " } ?? ""
        narrate(index, tip + Narration.of(event))
        for wish in wishes { narrate(index, "  " + wish) }
    }
}

extension Event {
    /// Whether the event brings nothing of its own.
    fileprivate var isEmpty: Bool {
        switch self {
        case .tick, .resume: true
        default: false
        }
    }
}
