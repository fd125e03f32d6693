import NIOCore
import NIOSSL
import NIOTLS
import PhiCrypto

/// A connection whose peer has proved its key.
struct EstablishedPeer: Sendable {
    /// The peer's key.
    let key: VerifyingKey
    /// The connection; frames come in, encoded slices go out.
    let frames: NIOAsyncChannel<Frame, ByteBuffer>
    /// The bytes of frames that came and wait.
    let inbox: Inbox
}

/// Keeps a connection closed to frames until the peer has proved who it is.
///
/// Only then are the frame handlers added, so nothing can be written before the handshake is done:
/// TLS would buffer it without limit.
final class HandshakeGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let judge: PeerJudge
    private let policy: TransportPolicy
    private let bodyLimit: @Sendable (UInt8) -> Int?
    private let established: EventLoopPromise<EstablishedPeer>
    private var key: VerifyingKey?
    private var refusal: HandshakeFailure?
    private var alarm: Scheduled<Void>?

    init(
        judge: PeerJudge,
        policy: TransportPolicy,
        bodyLimit: @escaping @Sendable (UInt8) -> Int?,
        established: EventLoopPromise<EstablishedPeer>
    ) {
        self.judge = judge
        self.policy = policy
        self.bodyLimit = bodyLimit
        self.established = established
    }

    /// Judges the peer's certificates in the middle of the handshake.
    func verify(
        _ certificates: [NIOSSLCertificate],
        _ verdict: EventLoopPromise<NIOSSLVerificationResult>
    ) {
        do throws(HandshakeFailure) {
            key = try judge.judge(certificates)
            verdict.succeed(.certificateVerified)
        } catch {
            refusal = error
            verdict.succeed(.failed)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let limit = TimeAmount(policy.handshakeTimeout)
        alarm = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.refuse(.timedOut, context: context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(.closed)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.closed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.refused(description: "\(error)"))
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            open(negotiated, context: context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func open(_ negotiated: String?, context: ChannelHandlerContext) {
        // TLS itself lets a peer pass that names another protocol.
        guard negotiated == TransportIdentity.applicationProtocol else {
            return refuse(.wrongProtocol(negotiated), context: context)
        }
        guard let key else { return refuse(.notJudged, context: context) }
        do {
            let inbox = Inbox(budget: TransportPolicy.waitingFrameBytes)
            let handler = FrameHandler(policy: policy, inbox: inbox, bodyLimit: bodyLimit)
            try context.pipeline.syncOperations.addHandler(handler)
            let frames = try NIOAsyncChannel<Frame, ByteBuffer>(
                wrappingChannelSynchronously: context.channel,
                configuration: .init(backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8))
            )
            alarm?.cancel()
            established.succeed(EstablishedPeer(key: key, frames: frames, inbox: inbox))
        } catch {
            refuse(.refused(description: "\(error)"), context: context)
        }
    }

    private func refuse(_ failure: HandshakeFailure, context: ChannelHandlerContext) {
        fail(failure)
        context.close(promise: nil)
    }

    /// Ends the waiting; what has been decided before stands.
    private func fail(_ failure: HandshakeFailure) {
        alarm?.cancel()
        established.fail(refusal ?? failure)
    }
}
