public import PhiCrypto
public import PhiLedger

/// An entry whose payload, stamp and signature are right, whatever the chain says.
public struct ValidEntry: Hashable, Sendable {
    /// The entry.
    public let entry: Entry
    /// The entry's name.
    public let id: Digest
    /// The entry's leaf in the trees of its block and meeting.
    public let leaf: Digest
    /// The payload as consensus reads it.
    public let payload: Payload
    /// What a link's key has said of the entry; only a check of the signature sets it.
    public private(set) var admissionVerdict = AdmissionVerdict.unasked

    /// Judges an entry by all rules that need no chain, the cheap ones first.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - network: The network.
    ///   - linkKeys: The link keys, by meeting, that are asked about the admission in a `join`.
    /// - Throws: The first rule that the entry breaks; a refused admission is none of them.
    public init(
        judging entry: Entry,
        on network: Network,
        linkKeys: [Digest: VerifyingKey] = [:]
    ) throws(EntryViolation) {
        let checker = SignatureChecker()
        try self.init(judging: entry, on: network, with: checker)
        if let linkKey = linkKeys[entry.meeting] { judgeAdmission(by: linkKey, with: checker) }
    }

    /// Judges an entry by all rules that need no chain, the cheap ones first.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - network: The network.
    ///   - checker: Judges signatures; it is fastest when an author's entries follow each other.
    /// - Throws: The first rule that the entry breaks.
    public init(
        judging entry: Entry,
        on network: Network,
        with checker: SignatureChecker
    ) throws(EntryViolation) {
        try self.init(assuming: entry, on: network)
        let minimum = Stamp.minimumWork(
            kind: entry.kind,
            sequence: entry.sequence,
            payloadByteCount: entry.payloadByteCount,
            parameters: network.parameters
        )
        guard entry.stampWork >= minimum else {
            throw .stampBelowMinimum(minimum: minimum, found: entry.stampWork)
        }
        guard Stamp.isValid(id: id, work: entry.stampWork, nonce: entry.stampNonce) else {
            throw .stampFails(declared: entry.stampWork)
        }
        do {
            var message: [UInt8] = []
            message.reserveCapacity(Domain.entrySignature.count + 32)
            message.append(contentsOf: Domain.entrySignature)
            id.append(to: &message)
            try checker.check(entry.signature, of: message, by: entry.author)
        } catch { throw .signature(error) }
    }

    /// Judges an entry for whose stamp and signature somebody vouches by the other rules.
    package init(assuming entry: Entry, on network: Network) throws(EntryViolation) {
        guard entry.chain == network.chain else { throw .otherChain(found: entry.chain) }
        guard entry.kind != .open || entry.meeting.isZero else { throw .openInsideMeeting }
        guard entry.computedPayloadHash == entry.payloadHash else { throw .payloadHash }
        do { payload = try Payload(of: entry) } catch { throw .payload(error) }
        self.entry = entry
        id = entry.id
        leaf = entry.leaf
    }

    /// An entry of the connected chain, where only judged ones come to be.
    package init?(recorded entry: Entry) {
        guard let payload = try? Payload(of: entry) else { return nil }
        self.entry = entry
        self.payload = payload
        id = entry.id
        leaf = entry.leaf
    }

    /// Asks a link's key about the admission in a `join`, unless it is the one that was asked last.
    ///
    /// - Parameters:
    ///   - linkKey: The key of the meeting's link.
    ///   - checker: Judges signatures; it is fastest when one meeting's entries follow each other.
    public mutating func judgeAdmission(
        by linkKey: VerifyingKey,
        with checker: SignatureChecker = SignatureChecker()
    ) {
        guard case .join(let admission) = payload, admissionVerdict.linkKey != linkKey else {
            return
        }
        let message = Admission.message(meeting: entry.meeting, author: entry.author)
        do {
            try checker.check(admission.signature, of: message, by: linkKey)
            admissionVerdict = .signed(by: linkKey)
        } catch { admissionVerdict = .refused(by: linkKey, error) }
    }

    /// Whether two are the same entry, whatever was found out about it.
    public static func == (left: ValidEntry, right: ValidEntry) -> Bool {
        left.entry == right.entry
    }

    /// Hashes the entry's name.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Why an entry is wrong in itself: whoever sends such bytes is to blame.
public enum EntryViolation: Error, Equatable, Sendable {
    /// The entry belongs to another network.
    case otherChain(found: Digest)
    /// An `open` names a meeting.
    case openInsideMeeting
    /// The payload is not the one that the envelope names.
    case payloadHash
    /// The payload has not the form of its kind.
    case payload(DecodingFailure)
    /// The stamp declares too little work.
    case stampBelowMinimum(minimum: UInt64, found: UInt64)
    /// The nonce does not show the declared work.
    case stampFails(declared: UInt64)
    /// The signature is refused.
    case signature(SignatureFailure)
}
