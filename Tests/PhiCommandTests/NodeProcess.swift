import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// All that runs real nodes, one after another: each wants the machine for itself.
@Suite("A node as a process", .serialized) enum NodeProcessTests {}

/// A running node.
final class NodeProcess: Sendable {
    let folder: NodeProcessFolder
    /// The data folder's name.
    let data: String
    let network: String
    private let process: Process
    private let announced: NodeProcessValue
    private let errors: String

    /// The command that a test runs a node with, and where it listens.
    static let run = ["run", "--listen", "127.0.0.1:0", "--local"]

    /// Starts a node and returns when it has said where it can be reached.
    init(
        _ folder: NodeProcessFolder,
        _ data: String = "data",
        network: String = "dev",
        command: [String] = NodeProcess.run,
        _ arguments: String...
    ) async throws {
        self.folder = folder
        self.data = data
        self.network = network
        let name = "node-" + UUID().uuidString
        let output = name + ".out"
        let errors = name + ".err"
        let process = try folder.spawn(
            [
                "node", command[0], "--network", network, "--data", folder.path(of: data), "--rpc",
                "127.0.0.1:0", "--json",
            ] + command.dropFirst() + arguments,
            output: output,
            errors: errors
        )
        try await eventually("the node's announcement") {
            folder.text(of: output).hasSuffix("\n") || !process.isRunning
        }
        announced = NodeProcessValue(parsing: folder.text(of: output).utf8)
        self.errors = errors
        self.process = process
        guard announced["identity"].text != nil else {
            throw NodeProcessFailure("the node did not start: \(folder.text(of: errors))")
        }
    }

    var url: String { announced["rpc"].text ?? "" }
    var identity: String { announced["identity"].text ?? "" }
    var rpcPort: UInt16 { Self.port(url) }
    var peerPort: UInt16 { Self.port(announced["listen"][0].text ?? "") }
    /// How another node calls this one.
    var address: String { "\(identity)@127.0.0.1:\(peerPort)" }
    /// The options that lead a command to the node.
    var options: [String] {
        [
            "--network", network, "--rpc-url", url, "--token-file",
            folder.path(of: data) + "/rpc.token",
        ]
    }
    var token: String { folder.text(of: data + "/rpc.token").filter { !$0.isWhitespace } }
    var isRunning: Bool { process.isRunning }
    /// What the node wrote for its operator.
    var log: String { folder.text(of: errors) }

    func send(signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end of the process and returns its status; a signal's is negative.
    func ended() async throws -> Int32 {
        let process = process
        try await eventually("the end of the node") { !process.isRunning }
        return process.terminationReason == .exit
            ? process.terminationStatus : -process.terminationStatus
    }

    /// Ends the node in good order.
    func stop() async throws {
        send(signal: SIGTERM)
        #expect(try await ended() == 0, "\(log)")
    }

    /// Ends the node as a crash would.
    func crash() async throws {
        send(signal: SIGKILL)
        #expect(try await ended() == -SIGKILL)
    }

    /// The whole answer to a call, with the node's token.
    func answer(_ method: String, _ parameters: String = "{}") throws -> NodeProcessValue {
        let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"#
        return try post(body, token: token).document
    }

    /// The result of a call that has one.
    func call(_ method: String, _ parameters: String = "{}") throws -> NodeProcessValue {
        let answer = try answer(method, parameters)
        guard answer["result"] != .null else {
            throw NodeProcessFailure("\(method) was answered with \(answer)")
        }
        return answer["result"]
    }

    /// The answer of the HTTP server to a body.
    func post(
        _ body: String,
        token: String? = nil,
        host: String? = nil
    ) throws -> (status: Int, document: NodeProcessValue) {
        let socket = try NodeProcessSocket(port: rpcPort)
        socket.send(request(body, token: token, host: host))
        return Self.parsed(socket.untilEnd())
    }

    /// A request with a body, after whose answer the connection ends.
    func request(_ body: String, token: String? = nil, host: String? = nil) -> [UInt8] {
        let authority = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let head =
            "POST /rpc HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(rpcPort)")\r\n\(authority)"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\r\n"
        return Array((head + body).utf8)
    }

    /// The status and the document of an HTTP answer; status 0 where there was none.
    static func parsed(_ bytes: [UInt8]) -> (status: Int, document: NodeProcessValue) {
        let text = String(decoding: bytes, as: UTF8.self)
        let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) }
        let body = text.range(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        return (status ?? 0, NodeProcessValue(parsing: body.utf8))
    }

    private static func port(_ address: String) -> UInt16 {
        address.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
    }
}

extension NodeProcess {
    /// The hash and the height of the tip.
    func tip() throws -> (block: String, height: Int64) {
        let tip = try call("chain.tip")
        return (tip["block"].text ?? "", tip["height"].integer ?? -1)
    }

    /// Mines blocks at once.
    func generate(_ count: Int) throws {
        #expect(try call("miner.generate", "{\"blocks\":\(count)}")["blocks"].list?.count == count)
    }

    /// The keys of the peers that it is connected with.
    func peers() throws -> [String] {
        try call("peer.list")["peers"].list?.compactMap { $0["peer"].text } ?? []
    }

    /// A command of the program that is led to this node.
    func command(_ words: String...) async throws -> NodeProcessFolder.Ending {
        try await folder.run(words + options)
    }
}
