/// The tags that keep hashes and signatures of different purposes apart.
public enum Domain {
    /// Before the 204 bytes that name an entry.
    public static let entryID = Array("phi/entry-id/v1\0".utf8)
    /// Before a payload, salt first.
    public static let payload = Array("phi/payload/v1\0\0".utf8)
    /// Before the id that an author signs.
    public static let entrySignature = Array("phi/sign-entry/1".utf8)
    /// Before the id in the first block of a stamp.
    public static let stamp = Array("phi/stamp/v1\0\0\0\0".utf8)
    /// Before the encoded parameters that the genesis block commits to.
    public static let parameters = Array("phi/parameters/1".utf8)
    /// Before meeting and author in the signature of a link's key.
    public static let admission = Array("phi/admit/1".utf8)
    /// Before the secret in a meeting's read check.
    public static let readCheck = Array("phi/read-check/1".utf8)
    /// Before genesis hash and record in the signature of a node record.
    public static let nodeRecord = Array("phi/nr/1".utf8)
}
