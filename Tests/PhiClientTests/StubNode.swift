import Foundation
import PhiAPI
import Synchronization

/// A server of one test that speaks just enough HTTP, on a port that the system chose.
final class StubNode: Sendable {
    /// One request.
    struct Request: Sendable {
        let method: String
        let target: String
        let headers: [String: String]
        let body: [UInt8]

        /// The JSON-RPC method and parameters.
        var call: (method: String, parameters: JSON)? {
            guard let json = try? JSON(parsing: body), let method = json["method"]?.string else {
                return nil
            }
            return (method, json["params"] ?? .object([]))
        }
    }

    /// What the server does with a request.
    enum Answer: Sendable {
        /// Sends a whole answer.
        case body(String, status: String = "200 OK", type: String = "application/json")
        /// Sends the result of a call.
        case result(JSON)
        /// Sends the error of a call.
        case refusal(APIError)
        /// Never answers.
        case silence
        /// Closes the connection.
        case hangUp
    }

    let port: UInt16
    private let listener: Int32
    private let open = Mutex<Set<Int32>>([])

    init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        (listener, port) = try Self.listen()
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                self.open.withLock { _ = $0.insert(connection) }
                Thread.detachNewThread { [weak self] in
                    Self.serve(connection, answer)
                    let isOurs = self?.open.withLock { $0.remove(connection) != nil } ?? false
                    if isOurs { close(connection) }
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        let left = open.withLock { open in
            defer { open.removeAll() }
            return open
        }
        for connection in left {
            shutdown(connection, Int32(SHUT_RDWR))
            close(connection)
        }
    }

    var address: String { "http://127.0.0.1:\(port)" }

    /// A port of this machine at which nobody listens.
    static func deadPort() throws -> UInt16 {
        let (socket, port) = try listen()
        close(socket)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                unsafe bind(socket, raw, size) == 0 && Foundation.listen(socket, 16) == 0
                    && getsockname(socket, raw, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileNoSuchFile) }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    private static func serve(_ connection: Int32, _ answer: (Request) -> Answer) {
        var held: [UInt8] = []
        while let request = next(connection, &held) {
            let text: String
            let isLast: Bool
            switch answer(request) {
            case .body(let body, let status, let type):
                text = response(body, status: status, type: type)
                isLast = type == "text/event-stream"
            case .result(let json):
                let result = json.serialized()
                let bytes = RPCResponse.bytes(id: .integer(1), result: .success(result))
                text = response(String(decoding: bytes, as: UTF8.self))
                isLast = false
            case .refusal(let error):
                let bytes = RPCResponse.bytes(id: .integer(1), result: .failure(error))
                text = response(String(decoding: bytes, as: UTF8.self))
                isLast = false
            case .silence:
                var byte: UInt8 = 0
                while unsafe recv(connection, &byte, 1, 0) > 0 {}
                return
            case .hangUp:
                shutdown(connection, Int32(SHUT_RDWR))
                return
            }
            let bytes = Array(text.utf8)
            _ = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(connection, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if isLast {
                shutdown(connection, Int32(SHUT_RDWR))
                return
            }
        }
    }

    private static func response(
        _ body: String,
        status: String = "200 OK",
        type: String = "application/json"
    ) -> String {
        let length = type == "text/event-stream" ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(length)\r\n\(body)"
    }

    private static func next(_ connection: Int32, _ held: inout [UInt8]) -> Request? {
        let gap = Array("\r\n\r\n".utf8)
        while true {
            if let end = held.firstRange(of: gap)?.lowerBound {
                let lines = String(decoding: held[..<end], as: UTF8.self)
                    .components(separatedBy: "\r\n")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers[parts[0].lowercased()] =
                        parts[1].trimmingCharacters(in: .whitespaces)
                }
                let count = headers["content-length"].flatMap { Int($0) } ?? 0
                let start = end + gap.count
                if held.count >= start + count {
                    let first = lines[0].split(separator: " ")
                    let body = Array(held[start..<start + count])
                    held.removeFirst(start + count)
                    return Request(
                        method: String(first[0]),
                        target: String(first[1]),
                        headers: headers,
                        body: body
                    )
                }
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            held.append(contentsOf: chunk[..<count])
        }
    }
}
