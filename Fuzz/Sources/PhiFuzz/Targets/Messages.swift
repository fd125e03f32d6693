import PhiCrypto
import PhiLedger
import PhiWire

extension FuzzTarget {
    /// Everything that a peer can say, by the type byte at the front.
    static let messages = FuzzTarget(
        "messages",
        "every message of the peer protocol: encoding again gives the same bytes",
        byteLimit: 16_384,
        memory: MemoryBound(base: 65_536, perByte: 48),
        seeds: {
            let announced = [UInt8](repeating: 1, count: 36) + [0, 8]
            return Samples.messages.map { [$0.type.rawValue] + $0.encodedBody() }
                + [[MessageType.headers.rawValue] + announced]
        },
        run: { input in
            var supply = Supply(input)
            let type = supply.byte()
            let body = supply.rest()
            do throws(WireFailure) {
                let message = try Message.decode(
                    type: type,
                    body: body,
                    parameters: Samples.parameters
                )
                claimEqual(message.type.rawValue, type, "the type of a message")
                claimEqual(message.encodedBody(), body, "a message written again")
                claim(body.count <= message.type.bodyLimit) { "a message keeps its limit" }
            } catch {
                claim(!error.description.isEmpty) { "a failure has a description" }
            }
        }
    )
}
