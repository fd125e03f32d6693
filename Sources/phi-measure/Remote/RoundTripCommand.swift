import ArgumentParser
import NIOCore
import NIOPosix
import NIOSSL
import PhiClient
import PhiTransport

/// Measures how long a small message takes over TLS to an echo and back.
struct RoundTripCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roundtrip",
        abstract: "Send small messages to an echo over TLS as nodes speak it."
    )

    @Option(help: "How many messages, one after another.")
    var count = 2_000

    @Option(help: "Bytes of a message.")
    var bytes = 400

    @OptionGroup var report: ReportOptions

    func run() async throws {
        guard count > 0, (1...16_000).contains(bytes) else {
            throw MeasureFailure.option("there must be a message, of 1 to 16,000 bytes")
        }
        let identity = try TransportIdentity(seed: [UInt8](repeating: 7, count: 32))
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let security = NIOSSLServerHandler(
                        context: identity.serverContext,
                        customVerificationCallback: { $1.succeed(.certificateVerified) }
                    )
                    try channel.pipeline.syncOperations.addHandlers([security, Echo()])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let address = server.localAddress else {
            throw MeasureFailure.answer("the echo has no address")
        }
        let result = group.next().makePromise(of: [Double].self)
        let (count, bytes) = (count, bytes)
        let client = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let security = try NIOSSLClientHandler(
                        context: identity.clientContext,
                        serverHostname: nil,
                        customVerificationCallback: { $1.succeed(.certificateVerified) }
                    )
                    let trips = RoundTrips(count: count, bytes: bytes, result: result)
                    try channel.pipeline.syncOperations.addHandlers([security, trips])
                }
            }
            .connect(to: address).get()
        let seconds = try await result.futureResult.get()
        try await client.close().get()
        try await server.close().get()
        var report = Report("roundtrip")
        report.add("TLS round trip", Latencies(seconds))
        report.show(asJSON: self.report.asJSON)
    }
}

/// Sends back what comes.
private final class Echo: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }
}
