import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger

/// One line of a chain file: a block as JSON.
///
/// `{"height":…,"block":…,"header":hex,"body":base64}`; height and block are for readers and must
/// agree with the header.
struct BlockLine {
    /// Bytes of a line at most: a body of a million bytes in base64, and the rest.
    static let byteLimit = 1_500_000

    let header: Header
    let hash: Digest
    let body: [UInt8]

    init(header: Header, body: [UInt8]) {
        self.header = header
        hash = header.hash
        self.body = body
    }

    /// Reads a line.
    init(parsing line: [UInt8], number: Int) throws(OfflineFailure) {
        let json: JSON
        do {
            json = try JSON(parsing: line, limits: JSONLimits(byteCount: Self.byteLimit))
        } catch { throw .line(number: number, reason: "\(error)") }
        guard let digits = json["header"]?.string, let bytes = Hexadecimal.decode(digits) else {
            throw .line(number: number, reason: "its “header” is not hexadecimal")
        }
        guard let text = json["body"]?.string, let body = Base64.decode(text) else {
            throw .line(number: number, reason: "its “body” is not base64")
        }
        do { header = try Header(decoding: bytes) } catch {
            throw .line(number: number, reason: "its header: \(error)")
        }
        hash = header.hash
        self.body = body
        guard json["height"]?.integer == Int64(header.height.rawValue),
            json["block"]?.string == hash.hex, json.object?.count == 4
        else {
            throw .line(number: number, reason: "its fields do not agree with its header")
        }
    }

    /// The line with its end.
    var text: [UInt8] {
        var writer = JSONWriter(capacity: body.count / 3 * 4 + 600)
        writer.beginObject()
        writer.name("height")
        writer.integer(header.height.rawValue)
        writer.name("block")
        writer.hexadecimal(hash.bytes)
        writer.name("header")
        writer.hexadecimal(header.encoded)
        writer.name("body")
        writer.base64(body)
        writer.endObject()
        return writer.bytes + [0x0A]
    }
}
