import PhiConsensus
import PhiCrypto
import PhiLedger

/// A header whose proof of work holds.
struct ProvedHeader {
    let header: Header
    let hash: Digest
    let work: Work

    /// The history root at a height that a path from this header leads to.
    func historyRoot(below height: Height, path: [Digest]) throws(MerkleProofFailure) -> Digest {
        try MerkleProof.root(
            index: UInt64(header.height.rawValue),
            size: UInt64(height.rawValue),
            leaf: header.historyLeaf,
            path: path
        )
    }
}

/// The rules of the chain that a receipt speaks of, all taken from the receipt.
///
/// The ranges of parameters are wider here than a node's: a receipt is judged by the rules of its
/// own chain, sensible or not. So every number is untrusted.
struct ReceiptRules {
    private static let targetExponents: ClosedRange<UInt16> = 160...255

    private let parameters: NetworkParameters
    private let chain: Digest
    private let limit: Target
    private let schedule: Difficulty.Schedule

    init(parameters: NetworkParameters, genesis: Header) throws(ReceiptFailure) {
        guard Self.targetExponents.contains(parameters.targetLimitExponent) else {
            throw .targetLimit(
                range: Self.targetExponents,
                found: parameters.targetLimitExponent
            )
        }
        try Self.checkSpans(of: parameters)
        self.parameters = parameters
        limit = parameters.targetLimit
        let first = try Self.proved(genesis, .genesis, limit: limit)
        guard genesis.height == .genesis else { throw .genesisHeight(genesis.height) }
        guard genesis.previous == parameters.commitment else { throw .otherParameters }
        chain = first.proved.hash
        schedule = Difficulty.Schedule(
            genesisTarget: first.target,
            genesisTime: genesis.time.milliseconds,
            interval: parameters.blockInterval,
            halfLife: parameters.halfLife,
            minSpacing: parameters.minimumSpacing,
            idleCap: parameters.idleCap,
            grace: parameters.grace,
            emergencyHalfLife: parameters.emergencyHalfLife,
            limit: limit,
            retarget: parameters.retargets
        )
    }

    private static func checkSpans(of parameters: NetworkParameters) throws(ReceiptFailure) {
        let spans: KeyValuePairs = [
            "interval": parameters.blockInterval,
            "half_life": parameters.halfLife,
            "min_spacing": parameters.minimumSpacing,
            "emergency_half_life": parameters.emergencyHalfLife,
        ]
        for (name, span) in spans where span == 0 { throw .zeroSpan(parameter: name) }
    }

    func proved(_ header: Header, _ line: ReceiptLine) throws(ReceiptFailure) -> ProvedHeader {
        try Self.proved(header, line, limit: limit).proved
    }

    private static func proved(
        _ header: Header,
        _ line: ReceiptLine,
        limit: Target
    ) throws(ReceiptFailure) -> (proved: ProvedHeader, target: Target) {
        let target: Target
        do {
            target = try Target(compact: header.bits, limit: limit)
        } catch { throw .target(line, error) }
        let hash = header.hash
        guard target.isMet(by: hash) else {
            throw .proofOfWork(line, height: header.height)
        }
        return (ProvedHeader(header: header, hash: hash, work: target.work), target)
    }

    func check(_ envelope: ReceiptEnvelope, id: Digest) throws(ReceiptFailure) {
        guard envelope.version == Entry.version else { throw .entryVersion(envelope.version) }
        guard envelope.chain == chain else { throw .otherChain(found: envelope.chain) }
        do {
            try envelope.author.check(
                envelope.signature,
                of: Domain.entrySignature + id.bytes
            )
        } catch { throw .signature(error) }
        guard envelope.payloadByteCount <= parameters.maximumPayloadBytes else {
            throw .payloadOverLimit(
                limit: parameters.maximumPayloadBytes,
                found: envelope.payloadByteCount
            )
        }
        let minimum = minimumWork(for: envelope)
        let work = envelope.stampWork
        guard UInt128(work) >= minimum else {
            throw .stampBelowMinimum(minimum: minimum, found: work)
        }
        guard Stamp.isValid(id: id, work: work, nonce: envelope.stampNonce) else {
            throw .stampFails(declared: work)
        }
    }

    /// The least work of a stamp, in 128 bits because rate and size may be anything.
    private func minimumWork(for envelope: ReceiptEnvelope) -> UInt128 {
        let factor =
            envelope.kind == EntryKind.open.rawValue
            ? Stamp.openFactor : envelope.sequence == 0 ? Stamp.firstFactor : 1
        let size =
            UInt128(Entry.envelopeByteCount) + UInt128(envelope.payloadByteCount)
            + UInt128(parameters.stampBase)
        return UInt128(factor) * max(1, UInt128(parameters.stampRate) * size)
    }

    func check(_ payload: [UInt8], of envelope: ReceiptEnvelope) throws(ReceiptFailure) {
        guard payload.count == Int(envelope.payloadByteCount),
            payload.count >= Entry.saltByteCount
        else {
            throw .payloadByteCount(
                expected: envelope.payloadByteCount,
                found: payload.count
            )
        }
        guard envelope.isHash(of: payload) else { throw .payloadHash }
    }

    func checkWindow(
        of envelope: ReceiptEnvelope,
        at height: Height
    ) throws(ReceiptFailure) {
        let anchor = envelope.anchorHeight
        guard anchor < height else { throw .anchorNotBelow(anchor: anchor, height: height) }
        let age = height.distance(above: anchor)
        guard age <= parameters.expiry else {
            throw .expired(limit: parameters.expiry, found: age)
        }
    }

    func check(_ child: ProvedHeader, follows parent: ProvedHeader) throws(ReceiptFailure) {
        let (header, before) = (child.header, parent.header)
        let height = header.height
        guard header.previous == parent.hash, before.height.next == height else {
            throw .notLinked(height: height)
        }
        let (gap, isBackwards) = header.time.milliseconds.subtractingReportingOverflow(
            before.time.milliseconds
        )
        guard !isBackwards, gap >= UInt64(parameters.minimumSpacing) else {
            throw .tooSoon(height: height)
        }
        let cap = UInt64(parameters.idleCap)
        let (idle, overflows) = before.idle.addingReportingOverflow(gap > cap ? gap - cap : 0)
        guard !overflows, header.idle == idle else { throw .idle(height: height) }
        let bits: UInt32
        do {
            bits = try schedule.bits(
                parentHeight: before.height.rawValue,
                parentTime: before.time.milliseconds,
                parentIdle: before.idle,
                time: header.time.milliseconds
            )
        } catch { throw .difficulty(height: height, error) }
        guard header.bits == bits else {
            throw .bits(height: height, expected: bits, found: header.bits)
        }
        guard header.chainWork == before.chainWork.adding(child.work) else {
            throw .chainWork(height: height)
        }
    }
}
