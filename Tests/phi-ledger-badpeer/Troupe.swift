import NIOCore
import PhiCrypto
import PhiLedger
import PhiTransport
import PhiWire

/// Plays all behaviors of a run at once, each on connections of its own.
struct Troupe: Sendable {
    /// How a connection came to its end.
    private enum Ending {
        /// The run was over.
        case timeUp
        /// The node ended the connection, or it broke.
        case ended
    }

    /// Milliseconds before an ended connection is made anew.
    private static let rest = 200

    let stage: Stage
    let behaviors: [any Behavior.Type]
    /// Connections at once; one for each behavior unless given.
    let count: Int?
    let listens: Bool

    /// Plays until the run is over.
    func run() async throws {
        let places = stage.target == nil ? 0 : count ?? behaviors.count
        try await withThrowingDiscardingTaskGroup { group in
            if listens { try await open(in: &group) }
            for place in 0..<places {
                let behavior = behaviors[place % behaviors.count]
                group.addTask { await callAgainAndAgain(behavior) }
            }
        }
    }

    private func open(in group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        let server = try await Link.listen(as: TransportIdentity(seed: seed(of: -1)))
        let port = server.channel.localAddress?.port ?? 0
        stage.ownAddress = PhiTransport.PeerAddress(host: "127.0.0.1", port: UInt16(port))
        // Written before the end of the run, so that a script can hand the address on.
        Output.listening(port)
        group.addTask {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await server.executeThenClose { try await accept($0) }
                }
                group.addTask { try await Task.sleep(until: stage.end) }
                try await group.next()
                group.cancelAll()
            }
        }
    }

    private func accept(_ calls: NIOAsyncChannelInboundStream<Link.Socket>) async throws {
        await withDiscardingTaskGroup { group in
            do {
                for try await socket in calls {
                    let index = stage.index()
                    let behavior = behaviors[index % behaviors.count]
                    group.addTask { await play(behavior, index: index, seed(of: -1)) { socket } }
                }
            } catch { group.cancelAll() }
        }
    }

    private func callAgainAndAgain(_ behavior: any Behavior.Type) async {
        while ContinuousClock.now < stage.end {
            let index = stage.index()
            let seed = seed(of: index)
            await play(behavior, index: index, seed) { [stage] in
                guard let target = stage.target else { throw Victim.Gone() }
                let identity = behavior.init().usesTLS ? try TransportIdentity(seed: seed) : nil
                return try await Link.dial(target, from: stage.source, identity: identity)
            }
            try? await Task.sleep(for: .milliseconds(Self.rest))
        }
    }

    /// The private key of a connection.
    private func seed(of index: Int) -> [UInt8] {
        SHA256.hash(Array("phi bad peer \(stage.seed) \(index)".utf8)).bytes
    }

    private func play(
        _ type: any Behavior.Type,
        index: Int,
        _ identity: [UInt8],
        connect: @Sendable () async throws -> Link.Socket
    ) async {
        stage.tally.note(type) { $0.calls += 1 }
        let ending: Ending
        do {
            let socket = try await connect()
            ending = try await socket.executeThenClose { inbound, outbound in
                let victim = Victim(
                    stage: stage,
                    index: index,
                    identity: identity,
                    behavior: type,
                    outbound: outbound
                )
                return await converse(type.init(), victim, inbound)
            }
        } catch {
            return stage.tally.note(type) { $0.unreachable += 1 }
        }
        if ending == .ended { stage.tally.note(type) { $0.ended += 1 } }
    }

    private func converse(
        _ behavior: any Behavior,
        _ victim: Victim,
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    ) async -> Ending {
        await withTaskGroup(of: Ending.self) { group in
            if behavior.reads {
                group.addTask {
                    await read(inbound, behavior, victim)
                    return .ended
                }
            }
            group.addTask {
                do {
                    if behavior.greets { try await victim.send(.hello(victim.hello())) }
                    try await behavior.speak(to: victim)
                    try await Task.sleep(until: stage.end)
                    return .timeUp
                } catch {
                    note(error, of: victim)
                    return .ended
                }
            }
            group.addTask {
                try? await Task.sleep(until: stage.end)
                return .timeUp
            }
            let first = await group.next() ?? .ended
            group.cancelAll()
            return first
        }
    }

    private func read(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ behavior: any Behavior,
        _ victim: Victim
    ) async {
        var reader = FrameReader()
        var hasAnswer = false
        do {
            for try await var bytes in inbound {
                let count = bytes.readableBytes
                let isFirst = !hasAnswer
                hasAnswer = true
                stage.tally.note(victim.behavior) {
                    $0.bytesReceived += count
                    if isFirst { $0.answered += 1 }
                }
                reader.take(&bytes)
                while let frame = reader.next() {
                    let message = try? Message.decode(
                        type: frame.type,
                        body: frame.body,
                        parameters: stage.network.parameters
                    )
                    guard let message else { continue }
                    if case .ping(let ping) = message {
                        try await victim.send(.pong(nonce: ping.nonce))
                    }
                    try await behavior.answer(message, of: victim)
                }
            }
        } catch { note(error, of: victim) }
    }

    /// Keeps an error that says something about this program rather than about the connection.
    private func note(_ error: any Error, of victim: Victim) {
        guard !(error is Victim.Gone), !(error is CancellationError) else { return }
        // Broken sockets and refused handshakes are what is to be expected here.
        guard !String(reflecting: type(of: error)).hasPrefix("NIO") else { return }
        let text = "\(error)"
        stage.tally.note(victim.behavior) { $0.failure = $0.failure ?? text }
    }
}
