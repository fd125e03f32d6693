public import PhiAPI
public import PhiConsensus
public import PhiCrypto
public import PhiLedger
public import PhiMeetings

/// Why something in a meeting was not done, beside the failures of node and keystore.
public enum ParticipantFailure: Error, Equatable, Sendable {
    /// The node belongs to another network.
    case otherNetwork(wanted: String, found: String)
    /// The text is no link to a meeting.
    case link(LinkFailure)
    /// The meeting is private or written by link, and no link of it is known.
    case linkNeeded(Digest)
    /// The link's secret is not one that the chain binds the meeting to.
    case wrongSecret(Digest)
    /// The secret of the present epoch has not reached this keystore.
    case epochSecretMissing(UInt16)
    /// Only the host can do this.
    case notHost(Digest)
    /// The meeting has not ended, so there is nothing to approve.
    case stillOpen(Digest)
    /// The node gave entries that do not make the minutes that it names.
    case minutesMismatch(claimed: MinutesDigest, computed: MinutesDigest)
    /// The node gave an entry that is wrong.
    case wrongEntry(Digest, EntryFault)
    /// Others sign with the same key, so that no number stays free.
    case sequenceTaken(author: VerifyingKey)
    /// An entry that was signed before waits still, and nothing else is signed in its place.
    case earlierWaits(Digest, String)
    /// The entry breaks a rule of the network, so it never left.
    case unfit(EntryViolation)
    /// An entry cannot be made.
    case builder(EntryBuilderFailure)
    /// An epoch cannot be started or read.
    case epoch(EpochFailure)
    /// The library refused.
    case crypto(CryptoFailure)
    /// The entry did not get as far as asked in the time given.
    case waitedTooLong(EntryStatusDocument, wanted: DeliveryStep)
    /// The entry was never recorded, and no longer can be.
    case expired(Digest)
}

/// What is wrong with an entry that a node gave.
public enum EntryFault: Equatable, Sendable {
    /// It belongs to another network or meeting.
    case otherPlace
    /// Its payload is not the one that it names.
    case payload
    /// Its signature is not its author's.
    case signature
    /// It is not by the author that was asked for.
    case otherAuthor
}

extension ParticipantFailure: CustomStringConvertible {
    /// One sentence for a person, with the remedy.
    public var description: String {
        switch self {
        case .otherNetwork(let wanted, let found):
            "The node is on the network “\(found)”, not on “\(wanted)”; name the right one with "
                + "--network, or another node with --rpc-url."
        case .link(let failure): "This is no link to a meeting here: \(Self.describe(failure))."
        case .linkNeeded: "The meeting needs its link; join it with “meeting join LINK” first."
        case .wrongSecret:
            "The link's secret does not belong to this meeting; ask the host for the link anew."
        case .epochSecretMissing(let epoch):
            "The secret of epoch \(epoch) has not reached you; ask the host for the new link."
        case .notHost: "Only the host of the meeting can do this; use the host's keystore."
        case .stillOpen: "The meeting has not ended; its minutes can be approved after its close."
        case .minutesMismatch(let claimed, let computed):
            "The node's entries make minutes of \(computed.count) entries, it claims "
                + "\(claimed.count) or another root; nothing was signed, ask another node."
        case .wrongEntry(let id, let fault):
            "The node gave the entry \(id.hex.prefix(16))… with \(Self.describe(fault)); ask "
                + "another node."
        case .sequenceTaken:
            "Somebody else signs with the same key; do not use one keystore on two machines."
        case .earlierWaits(let id, let reason):
            "The entry \(id.hex.prefix(16))…, signed before, waits still, and nothing is signed in "
                + "its place until it is taken or expires: \(reason)"
        case .unfit(let violation):
            "The entry breaks a rule of the network (\(violation)); nothing was sent."
        case .builder(let failure): "The entry cannot be made: \(Self.describe(failure))."
        case .epoch(let failure): "The epoch's secret cannot be read or made (\(failure))."
        case .crypto(let failure): "The cryptographic library refused (\(failure))."
        case .waitedTooLong(let status, let wanted):
            "The entry \(status.entry.hex.prefix(16))… is \(status.status.rawValue), not yet "
                + "\(wanted.rawValue); look again with “entry status”."
        case .expired(let id):
            "The entry \(id.hex.prefix(16))… was not recorded in its window; send it again."
        }
    }

    private static func describe(_ fault: EntryFault) -> String {
        switch fault {
        case .otherPlace: "another meeting or network in it"
        case .payload: "another payload than it names"
        case .signature: "a wrong signature"
        case .otherAuthor: "another author than asked for"
        }
    }

    private static func describe(_ failure: LinkFailure) -> String {
        switch failure {
        case .tooLong(let limit, _): "it is longer than \(limit) characters"
        case .forbiddenCharacter: "it has a space or a character that links do not have"
        case .unknownScheme: "it starts neither with “phi:” nor with “https://”"
        case .noHost: "its address has no host"
        case .otherPath: "its address is not that of a meeting's page"
        case .name: "the meeting's name has a typing error"
        case .otherNetwork(let expected, let found):
            "it belongs to the network with the prefix “\(found)”, not “\(expected)”"
        case .nameLength: "the name is that of something else"
        case .fragmentNotBase64, .fragment: "the part after # is cut off or mistyped"
        }
    }

    private static func describe(_ failure: EntryBuilderFailure) -> String {
        switch failure {
        case .payloadTooLong(let limit, let found):
            "it has \(found) bytes, the network allows \(limit)"
        case .keyCount(let limits, let found):
            "\(found) keys were given, \(limits.lowerBound) to \(limits.upperBound) are possible"
        case .secretMissing, .secretNotNeeded: "the plan and its secret do not fit"
        case .content(let failure): "its content does not fit (\(failure))"
        case .sealing(.tooLong(let limit, let found)):
            "the title has \(found) bytes once sealed, \(limit) are possible"
        case .sealing(let failure): "its content cannot be sealed (\(failure))"
        case .crypto(let failure): "the library refused (\(failure))"
        }
    }
}
