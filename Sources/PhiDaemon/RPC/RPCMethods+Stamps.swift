import PhiAPI
import PhiConsensus
import PhiLedger
import PhiNode

extension RPCMethods {
    func stampMethod(
        _ method: String,
        _ parameters: Parameters
    ) async throws(APIError) -> [UInt8] {
        switch method {
        case "stamp.quote": return try await quote(parameters).serialized()
        case "stamp.work": return try await work(parameters).serialized()
        default: throw .methodNotFound(method)
        }
    }

    private func quote(_ parameters: Parameters) async throws(APIError) -> StampQuote {
        let byteCount = try parameters.integer("payloadBytes", in: 16...32_768)
        let name = try parameters.optionalString("kind", byteLimit: 16) ?? EntryKind.message.name
        guard let kind = EntryKind.allCases.first(where: { $0.name == name }) else {
            throw .invalidParameter("kind", "The field “kind” is none of the kinds of entries.")
        }
        let sequence = try parameters.integer("seq", in: 0...(1 << 53), default: 1)
        return await quote(kind: kind, sequence: UInt64(sequence), byteCount: UInt32(byteCount))
    }

    private func quote(
        kind: EntryKind,
        sequence: UInt64,
        byteCount: UInt32
    ) async -> StampQuote {
        let network = node.network.parameters
        let least = Stamp.minimumWork(
            kind: kind,
            sequence: sequence,
            payloadByteCount: byteCount,
            parameters: network
        )
        let priced = Stamp.pricedBytes(payloadByteCount: byteCount, parameters: network)
        let density = await node.status().minimumDensity
        let (pool, overflow) = density.multipliedReportingOverflow(by: priced)
        return StampQuote(work: least, poolWork: max(least, overflow ? .max : pool))
    }

    private func work(_ parameters: Parameters) async throws(APIError) -> StampedDocument {
        let bytes = try parameters.base64("entry", byteLimit: Methods.entryByteLimit)
        let entry: Entry
        do {
            entry = try Entry(
                decoding: bytes,
                payloadLimit: node.network.parameters.maximumPayloadBytes
            )
        } catch { throw .malformed(error) }
        let quote = await quote(
            kind: entry.kind,
            sequence: entry.sequence,
            byteCount: entry.payloadByteCount
        )
        var work = quote.poolWork
        if let text = try parameters.optionalString("work", byteLimit: 32) {
            guard let asked = Work(hex: text), let hashes = UInt64(exactly: asked.rawValue) else {
                throw .invalidParameter("work", "The field “work” must be hexadecimal digits.")
            }
            guard hashes >= quote.work else {
                throw .violation(.stampBelowMinimum(minimum: quote.work, found: hashes))
            }
            work = hashes
        }
        return StampedDocument(try await stamps.stamp(entry, work: work))
    }
}
