import NIOCore
import NIOHTTP1
import PhiAPI

/// Watches over one HTTP connection and ends it where a time limit is passed or the server stops.
final class HTTPPatience: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: RPCLimits
    private var requestsInProgress = 0
    private var idleSince = NIODeadline.now()
    private var bodySince: NIODeadline?
    private var answerSince: NIODeadline?
    private var stalledSince: NIODeadline?
    private var lingersSince: NIODeadline?
    private var hasAnswerBegun = false
    private var isStreaming = false
    private var closesAfterAnswer = false
    private var isStopping = false
    private var timer: RepeatedTask?

    /// How long a connection that has been told to end may take to do so.
    private static let lingering = TimeAmount.seconds(2)

    init(limits: RPCLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) {
        let shortest = [
            limits.bodyTimeout, limits.answerTimeout, limits.idleTimeout, limits.stallTimeout,
            Self.lingering,
        ].min()
        let period = TimeAmount.nanoseconds(max(10_000_000, (shortest?.nanoseconds ?? 0) / 4))
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in
            bound.value.handler.check(bound.value.context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requestsInProgress += 1
            bodySince = .now()
        case .body: break
        case .end:
            bodySince = nil
            if answerSince == nil { answerSince = .now() }
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalledSince = context.channel.isWritable ? nil : .now()
        context.fireChannelWritabilityChanged()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code >= 200:
            hasAnswerBegun = true
            isStreaming = head.headers.first(name: "content-type") == EventRoute.contentType
            if head.headers.first(name: "connection") == "close" { closesAfterAnswer = true }
            context.write(data, promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end: end(context: context, data: data, promise: promise)
        }
    }

    private func end(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        requestsInProgress -= 1
        hasAnswerBegun = false
        isStreaming = false
        idleSince = .now()
        answerSince = requestsInProgress > 0 && bodySince == nil ? .now() : nil
        guard closesAfterAnswer || (isStopping && requestsInProgress == 0) else {
            return context.write(data, promise: promise)
        }
        let written = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let mode: CloseMode = isStopping ? .all : .output
        written.futureResult.whenComplete { _ in
            bound.value.handler.lingersSince = .now()
            bound.value.context.close(mode: mode, promise: nil)
        }
        context.write(data, promise: written)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        isStopping = true
        guard requestsInProgress > 0 else { return context.close(promise: nil) }
        let channel = context.channel
        context.eventLoop.scheduleTask(in: limits.farewell) { channel.close(promise: nil) }
    }

    private func check(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        func isOver(_ start: NIODeadline?, _ limit: TimeAmount) -> Bool {
            start.map { now - $0 > limit } ?? false
        }
        if isOver(stalledSince, limits.stallTimeout) || isOver(lingersSince, Self.lingering) {
            context.close(promise: nil)
        } else if isOver(bodySince, limits.bodyTimeout) {
            giveUp(context, .requestTimeout, "The request's body did not come in time.")
        } else if !isStreaming, isOver(answerSince, limits.answerTimeout) {
            giveUp(context, .serviceUnavailable, "The answer takes too long.")
        } else if requestsInProgress == 0, stalledSince == nil,
            isOver(idleSince, limits.idleTimeout)
        {
            context.close(promise: nil)
        }
    }

    /// Answers in the server's place and ends the connection, which also ends the server's work.
    private func giveUp(
        _ context: ChannelHandlerContext,
        _ status: HTTPResponseStatus,
        _ reason: String
    ) {
        guard !hasAnswerBegun, lingersSince == nil else { return context.close(promise: nil) }
        hasAnswerBegun = true
        var answer = HTTPAnswer.failure(
            .busy(retryAfterMilliseconds: 1_000, reason),
            status: status
        )
        answer.closes = true
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        let parts = answer.parts(for: head)
        for part in parts.dropLast() { context.write(wrapOutboundOut(part), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}
