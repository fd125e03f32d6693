public import PhiLedger

/// Why a text is no link to a meeting.
public enum LinkFailure: Error, Equatable, Sendable {
    /// The text is longer than any link.
    case tooLong(limit: Int, found: Int)
    /// The text has a space, a control character or a letter beyond ASCII.
    case forbiddenCharacter
    /// The text starts neither with `phi:` nor with `https://` or `http://`.
    case unknownScheme
    /// The address has no host.
    case noHost
    /// The address is not that of a meeting's page.
    case otherPath
    /// The meeting's name has a typing error.
    case name(Bech32mFailure)
    /// The meeting is on another network.
    case otherNetwork(expected: String, found: String)
    /// The name is that of something else.
    case nameLength(expected: Int, found: Int)
    /// The part behind `#` has a wrong character or is cut off.
    case fragmentNotBase64
    /// The part behind `#` has not the layout of a link.
    case fragment(DecodingFailure)
}
