import Logging
import PhiCrypto
import PhiTransport
import ServiceLifecycle
import Testing

@Suite("A network of peers", .timeLimit(.minutes(1))) struct PeerNetworkTests {
    @Test("carries frames both ways, in order, and knows the keys")
    func exchange() async throws {
        let (listener, dialer) = (try TestNode(1), try TestNode(2, listens: false))
        try await listener.run { address in
            try await dialer.run { _ in
                let out = try await dialer.connect(to: address, expecting: listener.key)
                let back = try await listener.next(\.opened)
                #expect(out.remoteKey == listener.key && out.direction == .outbound)
                #expect(back.remoteKey == dialer.key && back.direction == .inbound)
                #expect(out.remoteAddress == address)
                for size in [0, 1, 100, 65_531, 65_532, 300_000, 1_048_575] {
                    let frame = Frame(type: 5, body: [UInt8](repeating: 9, count: size))
                    #expect(out.send(frame))
                    #expect(try await listener.next(\.received) == frame)
                    #expect(back.send(frame))
                    #expect(try await dialer.next(\.received) == frame)
                }
                for number in 0..<200 { #expect(out.send(Frame(type: 1, body: [UInt8(number)]))) }
                for number in 0..<200 {
                    #expect(try await listener.next(\.received)?.body == [UInt8(number)])
                }
            }
        }
    }

    @Test("sends what was queued before a connection is closed, and tells both sides")
    func closing() async throws {
        var patient = TransportPolicy()
        patient.lingerTimeout = .seconds(50)
        let listener = try TestNode(1)
        let dialer = try TestNode(2, listens: false, policy: patient)
        try await listener.run { address in
            try await dialer.run { _ in
                let out = try await dialer.connect(to: address)
                let frame = Frame(type: 5, body: [UInt8](repeating: 9, count: 900_000))
                #expect(out.send(frame))
                out.close(reason: "enough")
                out.close(reason: "too late")
                #expect(!out.send(frame))
                #expect(try await listener.next(\.received) == frame)
                #expect(try await listener.next(\.closed) == .closedByPeer)
                #expect(try await dialer.next(\.closed) == .closedHere(reason: "enough"))
            }
        }
    }

    @Test("lets go of a peer that the node does not keep")
    func notKept() async throws {
        let (listener, dialer) = (try TestNode(1, keeps: false), try TestNode(2, listens: false))
        try await listener.run { address in
            try await dialer.run { _ in
                let out = try await dialer.connect(to: address)
                #expect(try await dialer.next(\.closed) == .closedByPeer)
                #expect(!out.send(Frame(type: 1, body: [])))
            }
        }
    }

    @Test("lets in no more than the policy allows, and again after one has left")
    func caps() async throws {
        var policy = TransportPolicy()
        policy.maximumInbound = 2
        try await expectCap(policy)
    }

    @Test("lets in no more from one address than the policy allows")
    func addressCaps() async throws {
        var policy = TransportPolicy()
        policy.maximumPerAddress = 2
        policy.exemptsLoopback = false
        try await expectCap(policy)
    }

    private func expectCap(_ policy: TransportPolicy) async throws {
        let listener = try TestNode(1, policy: policy)
        let dialer = try TestNode(2, listens: false)
        try await listener.run { address in
            try await dialer.run { _ in
                let first = try await dialer.connect(to: address)
                let second = try await dialer.connect(to: address)
                dialer.network.dial(address, expecting: nil)
                guard case .handshake = try await dialer.next(\.failure) else {
                    Issue.record("a third connection was let in")
                    return
                }
                first.close(reason: "making room")
                #expect(try await listener.next(\.closed) == .closedByPeer)
                let third = try await dialer.connect(to: address)
                #expect(third.send(Frame(type: 3, body: [3])))
                #expect(second.send(Frame(type: 2, body: [2])))
                let one = try await listener.next(\.received).type
                let other = try await listener.next(\.received).type
                #expect(Set([one, other]) == [2, 3])
            }
        }
    }

    @Test("shuts down gracefully while idle peers are connected")
    func shutdown() async throws {
        let listener = try TestNode(1)
        let dialers = try (2..<6).map { try TestNode($0, listens: false) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(services: [listener.network], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let address = try #require(try await listener.network.boundAddresses().first)
            for dialer in dialers {
                tasks.addTask {
                    try await dialer.run { _ in
                        _ = try await dialer.connect(to: address)
                        #expect(try await dialer.next(\.closed) == .closedByPeer)
                    }
                }
            }
            for _ in dialers { _ = try await listener.next(\.opened) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        for _ in dialers { #expect(try await listener.next(\.closed) == .shutdown) }
        #expect(!listener.network.dial(PeerAddress(host: "127.0.0.1", port: 1), expecting: nil))
    }

    @Test("reports that it cannot listen")
    func occupied() async throws {
        let first = try TestNode(1)
        try await first.run { address in
            let second = PeerNetwork(
                identity: try TransportIdentity(seed: [UInt8](repeating: 2, count: 32)),
                listeningOn: [address],
                bodyLimit: { _ in nil },
                events: PeerEvents(
                    opened: { _ in false },
                    received: { _, _ in },
                    closed: { _, _ in },
                    dialFailed: { _, _ in }
                ),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            await #expect(throws: (any Error).self) { try await second.run() }
            await #expect(throws: (any Error).self) { try await second.boundAddresses() }
        }
    }
}
