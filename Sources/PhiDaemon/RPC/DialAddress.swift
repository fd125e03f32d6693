import PhiAPI
import PhiCrypto

/// An address to call, as an operator writes it: `host:port`, `[v6]:port`, or `key@host:port`.
struct DialAddress: Equatable {
    let host: String
    let port: Int
    let identity: VerifyingKey?

    init(_ text: String) throws(APIError) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let address = parts[parts.count - 1]
        identity = parts.count == 2 ? VerifyingKey(hex: parts[0]) : nil
        guard parts.count == 1 || identity != nil else { throw Self.refusal }
        guard let colon = address.lastIndex(of: ":"),
            let port = UInt16(address[address.index(after: colon)...]), port > 0
        else { throw Self.refusal }
        var host = address[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw Self.refusal
        }
        guard (1...253).contains(host.utf8.count),
            host.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw Self.refusal }
        self.host = String(host)
        self.port = Int(port)
    }

    private static let refusal = APIError.invalidParameter(
        "address",
        "The field “address” must be host:port, [v6]:port or key@host:port."
    )
}
