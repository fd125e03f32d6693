import PhiAPI
import PhiCrypto
import PhiLedger

/// The bytes of a keystore: a line that says what it is, and a line of base64.
enum KeystoreFile {
    static let byteLimit = 64 << 20
    static let title = "phi keystore 1"
    static let openFront: [UInt8] = [0]
    static let sealedFront: [UInt8] = [1]
    private static let digestByteCount = 32

    static func text(of body: [UInt8]) -> [UInt8] {
        Array("\(title)\n\(Base64.encode(body))\n".utf8)
    }

    /// The body of a file, and whether it is sealed.
    static func body(of text: [UInt8]) throws(KeystoreFailure) -> (bytes: [UInt8], isSealed: Bool) {
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty else { throw .notKeystore }
        let head = String(decoding: lines[0], as: UTF8.self)
        guard head == title else {
            throw head.hasPrefix("phi keystore ") ? .newerFormat(head) : .notKeystore
        }
        let line = String(decoding: lines[1], as: UTF8.self)
        guard let bytes = Base64.decode(line), let form = bytes.first else { throw .notKeystore }
        switch [form] {
        case openFront: return (bytes, false)
        case sealedFront: return (bytes, true)
        default: throw .damaged(.unknown(field: "form", found: UInt64(form)))
        }
    }

    static func open(_ contents: [UInt8]) -> [UInt8] {
        let front = openFront + contents
        return front + SHA256.hash(front).bytes
    }

    static func contents(ofOpen body: [UInt8]) throws(KeystoreFailure) -> [UInt8] {
        let end = body.count - digestByteCount
        guard end >= openFront.count, SHA256.hash(Array(body[..<end])).bytes == Array(body[end...])
        else {
            throw .damaged(.mismatch(field: "checksum", expected: 0, found: 1))
        }
        return Array(body[openFront.count..<end])
    }
}
