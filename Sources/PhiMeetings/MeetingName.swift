public import PhiCrypto
import PhiLedger

/// A meeting's id as people type it.
public enum MeetingName {
    /// The id in bech32m, so that a typing error is caught and the network is named.
    public static func encode(_ meeting: Digest, prefix: String) -> String {
        Bech32m.encode(prefix: prefix, meeting.bytes)
    }

    /// The id of a bech32m name on a given network.
    public static func decode(_ text: String, prefix: String) throws(LinkFailure) -> Digest {
        let name: (prefix: String, data: [UInt8])
        do { name = try Bech32m.decode(text) } catch { throw .name(error) }
        guard name.prefix == prefix else {
            throw .otherNetwork(expected: prefix, found: name.prefix)
        }
        guard let meeting = Digest(name.data) else {
            throw .nameLength(expected: 32, found: name.data.count)
        }
        return meeting
    }
}
