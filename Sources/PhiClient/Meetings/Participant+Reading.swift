import PhiAPI
public import PhiCrypto
import PhiLedger

extension Participant {
    /// A reader of a meeting, with all secrets that the keystore and the chain lead to.
    ///
    /// - Parameter meeting: The meeting.
    /// - Returns: The reader.
    /// - Throws: Why there is none, such as a secret that is not the meeting's.
    public func reader(of meeting: Digest) async throws -> MeetingReader {
        try await reader(of: meeting, contents: keystore.contents())
    }

    func reader(
        of meeting: Digest,
        contents: KeystoreContents
    ) async throws -> MeetingReader {
        try await MeetingReader.make(
            of: meeting,
            at: node,
            network: network,
            contents: contents
        )
    }

    func forEachEntry(
        of meeting: Digest,
        _ body: (EntryDocument) throws -> Void
    ) async throws {
        try await node.forEachEntry(of: meeting, on: network, body)
    }
}
