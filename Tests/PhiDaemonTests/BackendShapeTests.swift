import PhiAPI
import PhiCrypto
import PhiLedger
import PhiTesting
import Synchronization
import Testing

@testable import PhiDaemon

@Suite("An answer") struct BackendShapeTests {
    /// Where a value is not what the description of the methods says.
    private func faults(_ json: JSON, _ shape: ValueShape, at path: String) -> [String] {
        switch (shape, json) {
        case (.anything, _), (.boolean, .bool), (.text, .string), (.optional, .null): []
        case (.integer(let range), .integer(let value)): range.contains(value) ? [] : [path]
        case (.time, .integer(let value)): value >= 0 ? [] : [path]
        case (.choice(let words), .string(let word)): words.contains(word) ? [] : [path]
        case (.digest, .string(let text)), (.key, .string(let text)):
            Digest(hex: text) == nil ? [path] : []
        case (.work, .string(let text)): Work(hex: text) == nil ? [path] : []
        case (.base64(let limit), .string(let text)):
            (Base64.decode(text)?.count ?? .max) <= limit ? [] : [path]
        case (.list(let element, let limit), .array(let values)):
            (values.count <= limit ? [] : [path])
                + values.flatMap { faults($0, element, at: path + "[]") }
        case (.named(let name), _): faults(json, schema: name, at: path)
        case (.optional(let inner), _): faults(json, inner, at: path)
        case (.object(let members), .object(let values)):
            faults(values, members, at: path)
        default: [path]
        }
    }

    private func faults(_ json: JSON, schema name: String, at path: String) -> [String] {
        guard let shape = Schemas.all.first(where: { $0.name == name })?.shape else {
            return ["\(path): no schema \(name)"]
        }
        return faults(json, shape, at: path)
    }

    private func faults(
        _ values: [(String, JSON)],
        _ members: [ValueShape.Member],
        at path: String
    ) -> [String] {
        var found = members.filter { member in
            member.isRequired && !values.contains { $0.0 == member.name }
        }.map { "\(path).\($0.name) is missing" }
        for (name, value) in values {
            if let member = members.first(where: { $0.name == name }) {
                found += faults(value, member.shape, at: "\(path).\(name)")
            } else {
                found.append("\(path).\(name) is not described")
            }
        }
        return found
    }

    @Test("has the shape that the description of its method gives")
    func shapes() async throws {
        let fixture = try BackendFixture()
        var ann = TestAuthor("ann", on: fixture.network)
        let open = ann.open(lifetime: 100, title: "plans")
        let message = ann.message("hello", in: open.id)
        try fixture.add([open, message])
        let waiting = ann.message("later", in: open.id)
        try fixture.pool(waiting)
        fixture.world.state.withLock { $0.answer = .success(waiting.id) }
        let meeting = JSON.hex(open.id)
        let author = JSON.hex(ann.key)
        let entry = JSON.hex(message.id)
        let bytes = JSON.string(Base64.encode(waiting.bytes))
        let calls: [(String, JSON)] = [
            ("node.info", [:]), ("node.health", [:]), ("node.stop", [:]), ("chain.tip", [:]),
            ("chain.header", ["block": 1]), ("chain.header", ["block": 1, "form": "raw"]),
            ("chain.headers", ["from": 0]), ("chain.block", ["block": 1]),
            ("chain.block", ["block": 1, "form": "raw"]),
            ("chain.acceptReorg", ["tip": entry]), ("entry.get", ["entry": entry, "proof": true]),
            ("entry.get", ["entry": entry, "form": "raw"]), ("entry.status", ["entry": entry]),
            ("entry.receipt", ["entry": entry]), ("entry.submit", ["entry": bytes]),
            ("stamp.quote", ["payloadBytes": 100]), ("stamp.work", ["entry": bytes]),
            ("meeting.get", ["meeting": meeting]), ("meeting.list", [:]),
            ("meeting.history", ["meeting": meeting, "includePending": true, "proof": true]),
            ("meeting.members", ["meeting": meeting]), ("meeting.minutes", ["meeting": meeting]),
            ("author.head", ["author": author]), ("author.history", ["author": author]),
            ("peer.list", [:]), ("peer.add", ["address": "host:1"]),
            ("peer.ban", ["peer": .hex(TestKey("peer").verifyingKey)]),
            ("peer.remove", ["peer": .hex(TestKey("peer").verifyingKey)]),
            ("miner.set", ["enabled": false]), ("miner.generate", ["blocks": 2]),
            ("mempool.info", [:]), ("mempool.list", [:]),
        ]
        for (name, parameters) in calls {
            let answer = try await fixture.call(name, parameters).get()
            let shape = try Methods.find(name).result
            #expect(faults(answer, shape, at: name) == [])
        }
        let called = Set(calls.map(\.0) + RPCMethods.keystoreMethods)
        let elsewhere = ["rpc.discover", "subscribe", "unsubscribe"]
        #expect(
            Methods.all.map(\.name).filter { !called.contains($0) && !elsewhere.contains($0) } == []
        )
    }
}
