import PhiCrypto
import PhiLedger
import PhiWire
import Testing

@Suite("A message") struct MessageTests {
    @Test("comes back from its own bytes") func roundTrip() throws {
        for message in try Sample.messages() {
            let body = message.encodedBody()
            #expect(body.count <= message.type.bodyLimit)
            #expect(try Message.decode(message.type, body) == message)
        }
    }

    @Test("is among the samples, whatever its type") func everyType() throws {
        let types = Set(try Sample.messages().map(\.type))
        #expect(types == Set(MessageType.allCases))
    }

    @Test("is refused when its body ends early, at every byte") func truncation() throws {
        for message in try Sample.messages() {
            let body = message.encodedBody()
            for count in body.indices where message.type != .block || count < 32 {
                #expect(throws: WireFailure.self, "\(message.type) cut to \(count)") {
                    try Message.decode(message.type, Array(body[..<count]))
                }
            }
        }
    }

    @Test("is refused when a byte follows its body") func trailing() throws {
        for message in try Sample.messages() where message.type != .block {
            let failure = #expect(throws: WireFailure.self, "\(message.type)") {
                try Message.decode(message.type, message.encodedBody() + [0])
            }
            #expect(failure?.isMisbehavior == true)
        }
    }

    @Test("is refused as unknown when no message has its type") func unknownType() {
        let known = Set(MessageType.allCases.map(\.rawValue))
        for type in UInt8.min...UInt8.max where !known.contains(type) {
            #expect(throws: WireFailure.unknownType(type)) {
                try Message.decode(type: type, body: [], parameters: Sample.parameters)
            }
            #expect(MessageType.bodyLimit(forType: type) == nil)
        }
        #expect(WireFailure.unknownType(0).isMisbehavior == false)
    }

    @Test("is measured before it is read", arguments: MessageType.allCases)
    func bodyLimit(type: MessageType) {
        let limit = type.bodyLimit
        #expect(MessageType.bodyLimit(forType: type.rawValue) == limit)
        #expect(limit <= Limits.frameBodyByteCount)
        // A hello starts with the version, which is looked at first.
        let body = [1] + [UInt8](repeating: 0, count: limit)
        let over = WireFailure.bodyOverLimit(type: type, limit: limit, found: limit + 1)
        #expect(throws: over) { try Message.decode(type, body) }
        do {
            _ = try Message.decode(type, Array(body.dropLast()))
        } catch {
            guard case .decoding = error else {
                Issue.record("a body at its limit is read: \(error)")
                return
            }
        }
    }

    @Test("is what its bytes say, or is refused, whatever was done to them", arguments: 0..<8)
    func mutation(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for message in try Sample.messages() {
            let original = message.encodedBody()
            for _ in 0..<150 {
                var body = original
                for _ in 0...Int.random(in: 0..<3, using: &generator) {
                    mutate(&body, using: &generator)
                }
                guard let decoded = try? Message.decode(message.type, body) else { continue }
                #expect(decoded.encodedBody() == body, "\(message.type), seed \(seed)")
            }
        }
    }

    @Test("is what its bytes say, or is refused, when they are noise", arguments: 0..<4)
    func noise(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for type in MessageType.allCases {
            for _ in 0..<200 {
                let count = Int.random(in: 0..<400, using: &generator)
                let body = (0..<count).map { _ in UInt8.random(in: 0...3, using: &generator) }
                guard let decoded = try? Message.decode(type, body) else { continue }
                #expect(decoded.encodedBody() == body, "\(type), seed \(seed)")
            }
        }
    }

    @Test("has a failure that people can read") func descriptions() {
        #expect("\(WireFailure.unknownType(9))" == "no message has the type 9")
        let over = WireFailure.bodyOverLimit(type: .pong, limit: 8, found: 9)
        #expect("\(over)" == "a pong of 9 bytes is over its limit of 8")
        let version = WireFailure.otherVersion(supported: 1, found: 2)
        #expect("\(version)" == "the peer speaks version 2 of the protocol, this node 1")
        let inside = WireFailure.decoding(type: .ping, .trailing(count: 2))
        #expect("\(inside)" == "ping: 2 bytes follow the last field")
        let slow = WireFailure.framing(isSlow: true)
        #expect("\(slow)" == "a frame was not ended in its time")
        #expect("\(WireFailure.framing(isSlow: false))" == "the bytes are no frame")
    }

    private func mutate(_ body: inout [UInt8], using generator: inout SeededGenerator) {
        guard let place = body.indices.randomElement(using: &generator) else { return }
        switch UInt8.random(in: 0..<5, using: &generator) {
        case 0: body[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: body[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: body.remove(at: place)
        case 3: body.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        default: body.removeSubrange(place...)
        }
    }
}
