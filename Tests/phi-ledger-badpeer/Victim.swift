import NIOCore
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

/// The node on the other side of one connection.
struct Victim: Sendable {
    /// The connection takes no more bytes.
    struct Gone: Error {}

    let stage: Stage
    /// The number of the connection.
    let index: Int
    /// Fixes the key of the connection.
    let identity: [UInt8]
    let behavior: any Behavior.Type
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    var network: Network { stage.network }

    /// Chance of this connection alone, the same each time.
    var chance: SeededRandom { stage.chance(index) }

    /// Writes bytes as they are.
    func write(_ bytes: [UInt8]) async throws {
        do { try await outbound.write(ByteBuffer(bytes: bytes)) } catch { throw Gone() }
        stage.tally.note(behavior) { $0.bytesSent += bytes.count }
    }

    /// Writes a frame with any type and any body.
    func send(type: UInt8, body: [UInt8]) async throws {
        try await write(Self.frame(type: type, body: body))
        stage.tally.note(behavior) { $0.framesSent += 1 }
    }

    /// Sends a message as an honest peer would.
    func send(_ message: Message) async throws {
        try await send(type: message.type.rawValue, body: message.encodedBody())
    }

    /// The bytes of a frame.
    static func frame(type: UInt8, body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(body.count + 1))
        bytes.append(type)
        return bytes + body
    }

    /// Waits, but no longer than the connection lives.
    func pause(milliseconds: Int) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }

    /// A greeting whose every field is right unless given.
    func hello(
        chain: Digest? = nil,
        tip: TipClaim? = nil,
        record: NodeRecord? = nil
    ) -> Hello {
        let genesis = TipClaim(
            hash: network.chain,
            height: .genesis,
            work: network.genesis.chainWork
        )
        return Hello(
            chain: chain ?? network.chain,
            parameters: network.parameters,
            tip: tip ?? genesis,
            payloadsFrom: .genesis,
            envelopesFrom: .genesis,
            minimumDensity: 0,
            observedAddress: PhiWire.PeerAddress(version4: 0x7F00_0001, port: 1),
            record: record
        )
    }

    /// What the node has of the chain, as it said itself.
    func chain() async throws -> Branch {
        try await stage.scout.branch()
    }
}
