import PhiLedger
import PhiMeetings

/// How long a text may be.
enum MessageRoom {
    /// Bytes of a text at most.
    ///
    /// - Parameters:
    ///   - isPrivate: Whether it is padded and sealed.
    ///   - payloadLimit: Bytes of a payload at most.
    /// - Returns: The bytes, with the type of content counted off.
    static func bytes(isPrivate: Bool, payloadLimit: Int) -> Int {
        guard isPrivate else { return max(0, payloadLimit - Entry.saltByteCount - 1) }
        // The mark that ends the content is one byte; padding grows with the length only.
        var (fits, over) = (0, payloadLimit + 1)
        while over - fits > 1 {
            let middle = (fits + over) / 2
            if SealedContent.overhead + Padme.length(for: middle + 2) <= payloadLimit {
                fits = middle
            } else {
                over = middle
            }
        }
        return fits
    }
}
