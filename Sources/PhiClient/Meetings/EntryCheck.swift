import PhiAPI
import PhiCrypto
import PhiLedger

/// Checks what a node says an entry is, so that the node need not be trusted.
///
/// Ids are computed from the bytes when a document is read. What is left is that the bytes are
/// the author's, and belong where they were asked for.
enum EntryCheck {
    static func check(
        _ document: EntryDocument,
        in meeting: Digest,
        network: Network
    ) throws(ParticipantFailure) {
        let entry = document.entry
        guard entry.chain == network.chain, document.meeting == meeting else {
            throw .wrongEntry(document.id, .otherPlace)
        }
        guard entry.computedPayloadHash == entry.payloadHash else {
            throw .wrongEntry(document.id, .payload)
        }
        let message = Domain.entrySignature + document.id.bytes
        guard entry.author.isValid(entry.signature, of: message) else {
            throw .wrongEntry(document.id, .signature)
        }
    }
}
