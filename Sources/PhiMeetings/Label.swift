/// The texts that keep keys derived for different purposes apart.
enum Label {
    static let read = Array("phi/read/1".utf8)
    static let link = Array("phi/link/1".utf8)
    static let author = Array("phi/author/1".utf8)
    static let host = Array("phi/host/1".utf8)
    static let agreement = Array("phi/agree/1".utf8)
    static let message = Array("phi/message/1".utf8)
    static let title = Array("phi/title/1".utf8)
    static let previousSecret = Array("phi/previous/1".utf8)
    static let rekey = Array("phi/rekey/1".utf8)
    static let profile = Array("phi/profile/1".utf8)
    /// The nonce of every sealing: each key seals one text only.
    static let nonce = [UInt8](repeating: 0, count: 12)
}
