import PhiAPI
import Testing

@Suite("A request") struct RPCRequestTests {
    private func read(_ text: String) throws -> Result<RPCRequest, RefusedRequest> {
        RPCRequest.read(try JSON(parsing: Array(text.utf8)))
    }

    @Test(
        "keeps the type of its id",
        arguments: [
            ("1", RequestID.integer(1)), ("\"1\"", .string("1")), ("null", .null),
            ("-5", .integer(-5)), ("\"\"", .string("")),
        ]
    )
    func ids(text: String, id: RequestID) throws {
        let request = try read(#"{"jsonrpc":"2.0","id":\#(text),"method":"m"}"#).get()
        #expect(request.id == id)
        let answer = RPCResponse.bytes(id: id, result: .success(Array("true".utf8)))
        #expect(
            String(decoding: answer, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":\#(text),"result":true}"#
        )
    }

    @Test("without an id is a notification")
    func notification() throws {
        #expect(try read(#"{"jsonrpc":"2.0","method":"m","params":[]}"#).get().id == nil)
    }

    @Test(
        "is refused when a field is wrong, with the id where it could be read",
        arguments: [
            ("1", RequestID.null), ("[]", .null), ("{}", .null),
            (#"{"id":7,"method":"m"}"#, .integer(7)),
            (#"{"jsonrpc":"1.0","id":7,"method":"m"}"#, .integer(7)),
            (#"{"jsonrpc":2.0,"id":7,"method":"m"}"#, .integer(7)),
            (#"{"jsonrpc":"2.0","id":"x"}"#, .string("x")),
            (#"{"jsonrpc":"2.0","id":"x","method":1}"#, .string("x")),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#, .null),
            (#"{"jsonrpc":"2.0","id":[],"method":"m"}"#, .null),
            (#"{"jsonrpc":"2.0","id":true,"method":"m"}"#, .null),
            (#"{"jsonrpc":"2.0","id":1,"method":"m","params":1}"#, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1,"method":"m","params":null}"#, .integer(1)),
            (#"{"jsonrpc":"2.0","id":1,"method":"m","parms":[]}"#, .integer(1)),
        ]
    )
    func refusals(text: String, id: RequestID) throws {
        guard case .failure(let refused) = try read(text) else {
            Issue.record("the request was taken")
            return
        }
        #expect(refused.id == id)
        #expect(refused.error.code == APIError.Code.invalidRequest)
    }

    @Test("echoes ids of 256 bytes and no longer")
    func longIDs() {
        #expect(RequestID(.string(String(repeating: "x", count: 256))) != nil)
        #expect(RequestID(.string(String(repeating: "x", count: 257))) == nil)
    }

    @Test("is read back as it was written")
    func roundTrip() throws {
        let request = RPCRequest(id: .string("a"), method: "chain.header", parameters: ["block": 1])
        var writer = JSONWriter()
        request.write(to: &writer)
        #expect(RPCRequest.read(try JSON(parsing: writer.bytes)) == .success(request))
    }
}

@Suite("A batch") struct RPCBatchTests {
    private let request: JSON = ["jsonrpc": "2.0", "id": 1, "method": "m"]

    @Test("has one request at least and as many as the limit at most")
    func limits() throws {
        #expect(throws: APIError.self) { try RPCBatch([], limit: 3) }
        #expect(throws: APIError.self) {
            try RPCBatch(.array(Array(repeating: request, count: 4)), limit: 3)
        }
        guard case .several(let requests) = try RPCBatch([request, 1, request], limit: 3) else {
            Issue.record("the batch was read as one request")
            return
        }
        #expect(requests.count == 3)
        #expect(throws: RefusedRequest.self) { try requests[1].get() }
        #expect(try requests[2].get().method == "m")
    }
}

@Suite("A response") struct RPCResponseTests {
    @Test("is read back as it was written")
    func roundTrip() throws {
        let error = APIError.ruleBroken("stamp", "Too little work.", limit: 10, found: 9)
        let results: [Result<[UInt8], APIError>] = [.success(Array("[1]".utf8)), .failure(error)]
        for result in results {
            let bytes = RPCResponse.bytes(id: .integer(3), result: result)
            let response = try #require(RPCResponse(try JSON(parsing: bytes)))
            #expect(response.id == .integer(3))
            switch result {
            case .success: #expect(try response.result.get() == [1])
            case .failure: #expect(response.result == .failure(error))
            }
        }
    }

    @Test(
        "is none when it has both a result and an error, or neither",
        arguments: [
            #"{"jsonrpc":"2.0","id":1}"#,
            #"{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}"#,
            #"{"jsonrpc":"2.0","result":1}"#, #"{"id":1,"result":1}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{}}"#, "[]",
        ]
    )
    func negativeSpace(text: String) throws {
        #expect(RPCResponse(try JSON(parsing: Array(text.utf8))) == nil)
    }
}

@Suite("An error") struct APIErrorTests {
    @Test("has the code that the protocol gives its kind")
    func codes() {
        #expect(APIError.parse(.endsEarly(position: 0)).code == -32_700)
        #expect(APIError.invalidRequest("").code == -32_600)
        #expect(APIError.methodNotFound("x").code == -32_601)
        #expect(APIError.invalidParameter("x", "").code == -32_602)
        #expect(APIError.internalFailure.code == -32_603)
        #expect(APIError.notFound("x").code == -32_001)
        #expect(APIError.ruleBroken("x", "").code == -32_002)
        #expect(APIError.notAuthorized("x").code == -32_003)
        #expect(APIError.busy(retryAfterMilliseconds: 5).data == ["retryAfterMs": 5])
        #expect(APIError.busy(retryAfterMilliseconds: 5).code == -32_004)
        #expect(APIError.pruned(from: 9).data == ["from": 9])
        #expect(APIError.pruned(from: 9).code == -32_005)
        #expect(APIError.syncing().code == -32_006)
    }
}
