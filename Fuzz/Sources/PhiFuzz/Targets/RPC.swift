import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting

extension FuzzTarget {
    /// Texts of callers, from JSON to the parameters of each method, and documents of nodes.
    static let rpc = FuzzTarget(
        "rpc",
        "JSON-RPC texts, parameters of every method, and documents: read, written, read again",
        byteLimit: 8_192,
        memory: MemoryBound(base: 524_288, perByte: 512),
        seeds: { requestSeeds + documentSeeds },
        run: { input in
            var supply = Supply(input)
            let form = Int(supply.byte())
            let bytes = supply.rest()
            guard let json = try? JSON(parsing: bytes) else { return }
            var writer = JSONWriter(capacity: 64)
            writer.value(json)
            claimEqual(try? JSON(parsing: writer.bytes), json, "a text written again")
            var pretty = JSONWriter(pretty: true, capacity: 64)
            pretty.value(json)
            claimEqual(try? JSON(parsing: pretty.bytes), json, "a text written with line breaks")
            if form == 0 { requests(json) } else { documents(json, form) }
        }
    )

    private static let requestSeeds: [[UInt8]] = {
        let id = Samples.digest(1).hex
        let texts = [
            #"{"jsonrpc":"2.0","id":1,"method":"chain.tip"}"#,
            #"[{"jsonrpc":"2.0","id":"a","method":"node.info"},{"jsonrpc":"2.0","method":"x"}]"#,
            #"{"jsonrpc":"2.0","id":null,"method":"chain.block","params":[7]}"#,
            #"{"jsonrpc":"2.0","id":2,"result":{"a":[1,-2,3.5e7,true,null,"\u00e9\ud83d\ude00"]}}"#,
            #"{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"no","data":{}}}"#,
        ]
        let calls = Methods.all.map { method in
            let parameters = method.parameters.map { parameter in
                "\"\(parameter.name)\":" + sample(of: parameter.shape, id)
            }
            return "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"\(method.name)\",\"params\":{"
                + parameters.joined(separator: ",") + "}}"
        }
        return (texts + calls).map { [0] + Array($0.utf8) }
    }()

    private static func sample(of shape: ValueShape, _ id: String) -> String {
        switch shape {
        case .boolean: "true"
        case .integer(let range): "\(range.lowerBound)"
        case .choice(let words): "\"\(words.first ?? "")\""
        case .digest, .key, .block: "\"\(id)\""
        case .base64: "\"AAECAw==\""
        case .list(let element, _): "[" + sample(of: element, id) + "]"
        case .optional(let inner): sample(of: inner, id)
        default: "\"blocks\""
        }
    }

    private static let documentSeeds: [[UInt8]] = {
        let block = Samples.chain.blocks[1]
        let documents: [(UInt8, [UInt8])] = [
            (1, BlockDocument(header: block.header.header, body: block.body.encoded).serialized()),
            (2, HeaderDocument(block.header.header).serialized()),
        ]
        return documents.map { [$0.0] + $0.1 }
    }()

    private static func requests(_ json: JSON) {
        if let response = RPCResponse(json) {
            let result = response.result.map { result in
                var writer = JSONWriter(capacity: 64)
                writer.value(result)
                return writer.bytes
            }
            let bytes = RPCResponse.bytes(id: response.id, result: result)
            let again = (try? JSON(parsing: bytes)).flatMap(RPCResponse.init)
            claimEqual(again?.id, response.id, "the id of an answer written again")
        }
        guard let batch = try? RPCBatch(json, limit: 16) else { return }
        switch batch {
        case .single(let request): call(request)
        case .several(let requests):
            claim((1...16).contains(requests.count)) { "a batch keeps its limit" }
            for request in requests { call(request) }
        }
    }

    private static func call(_ request: Result<RPCRequest, RefusedRequest>) {
        guard case .success(let request) = request else { return }
        var writer = JSONWriter(capacity: 64)
        request.write(to: &writer)
        let again = (try? JSON(parsing: writer.bytes)).map(RPCRequest.read)
        claimEqual(try? again?.get(), request, "a request written again")
        guard let method = try? Methods.find(request.method),
            let parameters = try? Parameters(
                request.parameters,
                for: method,
                networkPrefix: Samples.network.prefix
            )
        else { return }
        for parameter in method.parameters { read(parameters, parameter.name) }
        _ = try? parameters.pageLimit()
        _ = try? parameters.cursor()
    }

    /// Asks for a parameter as every kind of value.
    private static func read(_ parameters: Parameters, _ name: String) {
        _ = try? parameters.optionalDigest(name)
        _ = try? parameters.optionalKey(name)
        if let keys = try? parameters.keys(name, limit: 8) {
            claim(keys.count <= 8) { "a list keeps its limit" }
        }
        _ = try? parameters.block(name)
        _ = try? parameters.topic(name)
        _ = try? parameters.height(name)
        _ = try? parameters.bool(name, default: false)
        if let text = try? parameters.string(name, byteLimit: 64) {
            claim(text.utf8.count <= 64) { "a text keeps its limit" }
        }
        if let bytes = try? parameters.base64(name, byteLimit: 300) {
            claim(bytes.count <= 300) { "bytes keep their limit" }
        }
    }

    private static func documents(_ json: JSON, _ form: Int) {
        switch form % 20 {
        case 1: document(BlockDocument.self, json)
        case 2: document(HeaderDocument.self, json)
        case 3: document(EntryDocument.self, json)
        case 4: document(EntryStatusDocument.self, json)
        case 5: document(SubmitDocument.self, json)
        case 6: document(NodeInfo.self, json)
        case 7: document(MempoolInfo.self, json)
        case 8: document(MeetingDocument.self, json)
        case 9: document(StampQuote.self, json)
        case 10: document(StampedDocument.self, json)
        case 11: document(EntryProofDocument.self, json)
        case 12: document(LedgerEventDocument.self, json)
        case 13: document(ReceiptDocument.self, json)
        case 14: document(AuthorHeadDocument.self, json)
        case 15: document(MemberDocument.self, json)
        case 16: document(PeerDocument.self, json)
        case 17: document(HistoryPage.self, json)
        case 18: document(MinutesDocument.self, json)
        case 19: document(NodeHealth.self, json)
        default: document(TipDocument.self, json)
        }
    }

    private static func document<Value: Document>(_ type: Value.Type, _ json: JSON) {
        guard let document = try? Value(json: json) else { return }
        let bytes = document.serialized()
        claim((try? Value(parsing: bytes)) == document) { "\(type) written again: \(json)" }
    }
}
