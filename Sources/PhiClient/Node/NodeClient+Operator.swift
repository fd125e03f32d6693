public import PhiAPI
public import PhiCrypto

extension NodeClient {
    /// A page of the peers that the node is connected with.
    public func peers(
        cursor: String? = nil,
        limit: Int = 500
    ) async throws(ClientFailure) -> DocumentPage<PeerDocument> {
        try await document("peer.list", Self.page(cursor, limit))
    }

    /// Connects with a peer and keeps trying.
    ///
    /// - Parameters:
    ///   - address: Host and port, with the peer's key and `@` before it where it is pinned.
    ///   - origin: Who told of it.
    /// - Throws: Why it was not done.
    public func addPeer(
        _ address: String,
        via origin: PeerOrigin = .manual
    ) async throws(ClientFailure) {
        var parameters: [(String, JSON)] = [("address", .string(address))]
        if origin != .manual { parameters.append(("via", .string(origin.rawValue))) }
        _ = try await call("peer.add", parameters)
    }

    /// Ends the connection with a peer and forgets its address.
    public func removePeer(_ peer: VerifyingKey) async throws(ClientFailure) {
        _ = try await call("peer.remove", [("peer", .string(peer.hex))])
    }

    /// Refuses a peer for a day.
    public func banPeer(_ peer: VerifyingKey) async throws(ClientFailure) {
        _ = try await call("peer.ban", [("peer", .string(peer.hex))])
    }

    /// Turns the miner on or off.
    ///
    /// - Parameters:
    ///   - isEnabled: Whether the node mines; nil leaves it as it is.
    ///   - dutyPercent: The share of one core, from 1 to 100; nil leaves it as it is.
    /// - Returns: What the miner is set to now.
    /// - Throws: Why it was not done.
    public func setMiner(
        isEnabled: Bool?,
        dutyPercent: Int? = nil
    ) async throws(ClientFailure) -> JSON {
        var parameters: [(String, JSON)] = []
        if let isEnabled { parameters.append(("enabled", .bool(isEnabled))) }
        if let dutyPercent { parameters.append(("dutyPercent", .integer(Int64(dutyPercent)))) }
        return try await call("miner.set", parameters)
    }

    /// Mines blocks at once, on a development network.
    ///
    /// - Parameter count: How many.
    /// - Returns: Their hashes in order.
    /// - Throws: Why there are none.
    public func generate(_ count: Int) async throws(ClientFailure) -> [Digest] {
        let json = try await call("miner.generate", [("blocks", .integer(Int64(count)))])
        let hashes = json["blocks"]?.array?.compactMap { $0.string.flatMap { Digest(hex: $0) } }
        guard let hashes, hashes.count == json["blocks"]?.array?.count else {
            throw .otherDocument(method: "miner.generate", .missing(field: "blocks"))
        }
        return hashes
    }

    /// Stops the node in good order.
    public func stop() async throws(ClientFailure) {
        _ = try await call("node.stop")
    }
}
