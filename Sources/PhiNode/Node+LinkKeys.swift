import PhiChain
import PhiCrypto
import PhiLedger

extension Node {
    /// The link keys that the judges may ask about admissions, by meeting.
    ///
    /// They are those of the present tip with what waits. An entry whose meeting is not known yet,
    /// or has another key by the time the entry finds its place, is judged again there.
    func linkKeys(for entries: [Entry]) throws(StoreFailure) -> [Digest: VerifyingKey] {
        var keys: [Digest: VerifyingKey] = [:]
        var looked: Set<Digest> = []
        for entry in entries where entry.kind == .join && looked.insert(entry.meeting).inserted {
            keys[entry.meeting] = try pool.linkKey(of: entry.meeting)
        }
        return keys
    }

    /// Has entries judged.
    mutating func judge(_ entries: [Entry], as token: RequestToken) throws(StoreFailure) {
        effects.append(.judge(token, entries, linkKeys: try linkKeys(for: entries)))
    }
}
