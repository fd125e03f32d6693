import PhiCrypto
import PhiLedger
import PhiTesting

/// One sound entry of each kind, whatever a chain may say about it.
struct Samples {
    let network: Network
    let meeting = SHA256.hash([9])

    init(on network: Network) {
        self.network = network
    }

    /// An entry of a kind.
    func entry(_ kind: EntryKind) -> Entry {
        var author = TestAuthor("author", on: network)
        let link = TestKey("link")
        let keys = ["one", "two", "three"].map { TestKey($0).verifyingKey }
        let root = SHA256.hash([1])
        return switch kind {
        case .message: author.message("hello", in: meeting)
        case .open:
            author.open(
                reading: .secretHolders,
                writing: .link,
                linkKey: link.verifyingKey,
                readCheck: root,
                lifetime: 7,
                title: "title"
            )
        case .join: author.join(meeting, by: link)
        case .admit: author.admit(keys, to: meeting)
        case .revoke: author.revoke(keys, in: meeting, linkKey: keys[0], readCheck: root)
        case .close: author.close(meeting)
        case .approve: author.approve(MinutesDigest(count: 3, root: root), of: meeting, close: root)
        }
    }

    /// An entry of a kind with any payload, right otherwise.
    func entry(_ kind: EntryKind, payload: [UInt8]) -> Entry {
        var author = TestAuthor("author", on: network)
        return author.make(kind, in: kind == .open ? .zero : meeting, payload: payload)
    }
}
