import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

extension Branch {
    /// The headers after a height, as a peer sends them.
    func batch(after height: Int, atMost limit: Int = Int(Limits.headers)) throws -> HeaderBatch {
        let range = (height + 1)..<min(headers.count, height + 1 + limit)
        let items = try range.map { index in
            try Self.compact(headers[index].header, after: headers[index - 1].header, rules.network)
        }
        return HeaderBatch(
            start: Height(UInt32(height + 1)),
            parent: headers[height].hash,
            items: items
        )
    }

    /// The compact form of a header.
    static func compact(
        _ header: Header,
        after parent: Header,
        _ network: Network
    ) throws -> CompactHeader {
        let compact = CompactHeader(
            header,
            after: parent.time,
            minimumSpacing: network.parameters.minimumSpacing
        )
        guard let compact else { throw BranchFailure.notCompact }
        return compact
    }

    /// One header after the tip that was mined over other fields than those it travels with.
    ///
    /// - Parameters:
    ///   - isProven: Whether any work is done at all.
    ///   - change: Makes the header that is mined out of the right one.
    /// - Returns: The header as it travels.
    /// - Throws: Why there is no such header.
    func forged(
        isProven: Bool = true,
        _ change: (inout Header) -> Void = { _ in }
    ) throws -> HeaderBatch {
        var sent = try draft()
        var mined = sent
        change(&mined)
        sent.nonce = isProven ? try nonce(over: mined, asFor: sent) : mined.nonce &+ 1
        let item = try Self.compact(sent, after: tip.header, rules.network)
        return HeaderBatch(start: Height(UInt32(height + 1)), parent: tip.hash, items: [item])
    }

    private func nonce(over mined: Header, asFor sent: Header) throws -> UInt64 {
        let found = HashSearch.firstNonce(
            prefix: mined.searchPrefix,
            tail: mined.searchTail,
            target: try rules.target(of: sent.bits).digest,
            in: 0..<(1 << 40)
        )
        guard let found else { throw BranchFailure.noNonce }
        return found
    }

    /// The headers that follow the first hash of a locator that is known here.
    func answer(to locator: [Digest]) throws -> Message {
        for hash in locator {
            if let place = headers.lastIndex(where: { $0.hash == hash }) {
                return .headers(try batch(after: place))
            }
        }
        return .headers(try batch(after: 0))
    }

    /// What an honest peer answers to a request for bodies.
    func answers(to wanted: [Digest]) -> [Message] {
        let absent = wanted.filter { bodies[$0] == nil }
        var messages = wanted.compactMap { hash in
            bodies[hash].map { Message.block(hash: hash, body: $0) }
        }
        if !absent.isEmpty { messages.append(.missingBlocks(absent)) }
        return messages
    }
}

extension Victim {
    /// Answers requests as an honest peer with a chain would.
    func serve(_ branch: Branch, to message: Message) async throws {
        switch message {
        case .getHeaders(let locator): try await send(try branch.answer(to: locator))
        case .getBlocks(let hashes):
            for answer in branch.answers(to: hashes) { try await send(answer) }
        default: break
        }
    }

    /// Shows the headers of a chain after a height, without being asked.
    func announce(_ branch: Branch, after height: Int) async throws {
        try await send(.headers(try branch.batch(after: height)))
    }
}
