public import PhiCrypto
public import PhiLedger

/// Why an entry that is right in itself has no place at this point of the chain.
///
/// The cases stand in the order in which the rules are checked.
public enum ContextViolation: Error, Equatable, Sendable {
    /// The anchor is not below the block.
    case anchorNotBelow(anchor: Height, height: Height)
    /// The anchor lies too far below the block: the entry has expired.
    case expired(limit: UInt32, found: UInt32)
    /// No `open` with the meeting's id comes before the entry.
    case unknownMeeting(Digest)
    /// The meeting has ended.
    case meetingClosed
    /// The meeting has not ended, so there are no minutes to approve.
    case meetingStillOpen
    /// The meeting ended too long ago to approve its minutes.
    case approvalTooLate(limit: UInt32, found: UInt64)
    /// Only the host may write an entry of this kind.
    case notHost
    /// The author was shut out.
    case revoked
    /// The author is no member.
    case notMember
    /// A `join` that is not the author's first entry.
    case joinNotFirst(sequence: UInt64)
    /// An admission signature where the meeting takes none.
    case admissionNotZero
    /// The link admits nobody any more.
    case linkClosed
    /// The admission is not signed by the link's key.
    case admission(SignatureFailure)
    /// The entry's number is not the author's next.
    case sequence(expected: UInt64, found: UInt64)
    /// The entry does not name the author's last entry.
    case previous(expected: Digest)
    /// The meeting admits nobody by name.
    case notNamedMeeting
    /// A key to admit is a member already.
    case alreadyMember(VerifyingKey)
    /// A key to admit was shut out.
    case alreadyRevoked(VerifyingKey)
    /// A key to revoke is neither a member nor an author.
    case nothingToRevoke(VerifyingKey)
    /// The host cannot be shut out.
    case hostRevoked
    /// A link key where the meeting has no link.
    case linkKeyNotZero
    /// The approval names another `close`.
    case otherClose(expected: Digest)
    /// The approval names other minutes than consensus computed.
    case otherMinutes(expected: MinutesDigest)
    /// The author approved before.
    case alreadyApproved
    /// The author opened too many meetings in the window.
    case tooManyOpenings(limit: Int)
    /// The meeting is full.
    case tooManyMembers(limit: UInt32, found: UInt64)

    /// Whether the entry may become right when the chain grows or entries before it arrive.
    public var mayPass: Bool {
        switch self {
        case .anchorNotBelow, .unknownMeeting, .meetingStillOpen, .notMember: true
        case .sequence(let expected, let found): found > expected
        default: false
        }
    }
}
