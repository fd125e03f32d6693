import PhiAPI
import PhiChain
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiNode

extension NodeKeystore {
    /// The answer of a method that wrote an entry: its id and where it stands.
    func written(_ entry: Digest) async throws(APIError) -> [UInt8] {
        let status = try await status(of: entry)
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("entry")
        writer.hexadecimal(entry.bytes)
        writer.name("status")
        writer.document(status)
        writer.endObject()
        return writer.bytes
    }

    private func status(of entry: Digest) async throws(APIError) -> EntryStatusDocument {
        let isPooled = await !node.pool(.entry(entry)).isEmpty
        let hasPeers = await !node.status().peers.isEmpty
        let chain = node.snapshot()
        return try Self.read { () throws(StoreFailure) in
            if let position = try chain.position(of: entry) {
                var clerk = EntryClerk(chain)
                return try clerk.status(of: entry, at: position)
            }
            let step = isPooled ? hasPeers ? DeliveryStep.pending : .sending : .unknown
            return EntryStatusDocument(entry: entry, status: step)
        }
    }

    /// The answer of the method that opens meetings.
    static func opened(_ link: MeetingLink) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("meeting")
        writer.hexadecimal(link.meeting.bytes)
        writer.name("link")
        writer.string(link.text)
        writer.name("entry")
        writer.hexadecimal(link.meeting.bytes)
        writer.endObject()
        return writer.bytes
    }
}

extension APIError {
    /// What a caller hears whose entry cannot be made.
    static func unmade(_ failure: EntryBuilderFailure) -> APIError {
        switch failure {
        case .payloadTooLong(let limit, let found):
            .ruleBroken(
                "payloadTooLong",
                "The entry's payload is longer than the network allows. Say it in parts.",
                limit: count(limit),
                found: count(found)
            )
        case .keyCount(let limits, let found):
            .invalidParameter(
                "keys",
                "The field “keys” has \(found) different keys, "
                    + "\(limits.lowerBound) to \(limits.upperBound) are possible."
            )
        case .sealing(.tooLong(let limit, let found)):
            .ruleBroken(
                "titleTooLong",
                "The title is too long once it is sealed. Shorten the field “title”.",
                limit: count(limit),
                found: count(found)
            )
        case .secretMissing, .secretNotNeeded, .content, .sealing, .crypto: .internalFailure
        }
    }

    /// What a caller hears when the secret of the present epoch is not held.
    static func secretMissing(epoch: UInt16) -> APIError {
        .ruleBroken(
            "secretMissing",
            "The node's keystore holds no secret of the meeting's present epoch. "
                + "Call meeting.join with the newest link.",
            found: count(epoch)
        )
    }

    /// What a caller hears whose link is not the meeting's newest.
    static var staleLink: APIError {
        .ruleBroken(
            "staleLink",
            "The secret in the field “link” is not the meeting's present one. "
                + "Ask the host for the newest link."
        )
    }
}
