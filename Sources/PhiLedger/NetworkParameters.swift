public import PhiCrypto

/// Every number of a network that consensus depends on.
///
/// The genesis header commits to the canonical encoding, so that a chain's id fixes its rules.
public struct NetworkParameters: Hashable, Sendable {
    /// Bytes of the canonical encoding.
    public static let byteCount = 66
    /// The only version of the encoding.
    public static let version: UInt16 = 1

    /// Milliseconds between blocks that the difficulty aims at.
    public var blockInterval: UInt32
    /// Milliseconds ahead of schedule that double the difficulty.
    public var halfLife: UInt32
    /// Milliseconds that a block lies after its parent at least.
    public var minimumSpacing: UInt32
    /// Milliseconds of a gap above which the schedule forgives the rest.
    public var idleCap: UInt32
    /// Milliseconds of a gap above which the difficulty eases at once.
    public var grace: UInt32
    /// Milliseconds past the grace that halve the difficulty.
    public var emergencyHalfLife: UInt32
    /// Milliseconds that a header may lie ahead of the local clock.
    public var futureLimit: UInt32
    /// The exponent of the greatest target, a power of two.
    public var targetLimitExponent: UInt16
    /// Whether difficulty follows the schedule; otherwise every block has the genesis bits.
    public var retargets: Bool
    /// Blocks after its anchor in which an entry can be recorded.
    public var expiry: UInt32
    /// Bytes of a block's body at most.
    public var maximumBodyBytes: UInt32
    /// Entries in a block at most.
    public var maximumEntries: UInt32
    /// Bytes of a payload at most, salt included.
    public var maximumPayloadBytes: UInt32
    /// Hashes of stamp work for each byte.
    public var stampRate: UInt32
    /// Bytes that every stamp pays beside the entry's own.
    public var stampBase: UInt32
    /// Blocks whose undo data is kept.
    public var undoWindow: UInt32
    /// Who may open meetings; 0 is anyone.
    public var createPolicy: UInt32

    /// The canonical encoding.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: Self.version)
        for value in [
            blockInterval, halfLife, minimumSpacing, idleCap, grace, emergencyHalfLife,
            futureLimit,
        ] {
            bytes.append(littleEndian: value)
        }
        bytes.append(littleEndian: targetLimitExponent)
        bytes.append(littleEndian: UInt16(retargets ? 1 : 0))
        for value in [
            expiry, maximumBodyBytes, maximumEntries, maximumPayloadBytes, stampRate, stampBase,
            undoWindow, createPolicy,
        ] {
            bytes.append(littleEndian: value)
        }
        return bytes
    }

    /// Reads a canonical encoding; relations between the numbers are `validate`'s.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let version = try reader.integer("parameters version", as: UInt16.self)
        guard version == Self.version else {
            throw .unknown(field: "parameters version", found: UInt64(version))
        }
        blockInterval = try reader.integer("interval")
        halfLife = try reader.integer("half_life")
        minimumSpacing = try reader.integer("min_spacing")
        idleCap = try reader.integer("idle_cap")
        grace = try reader.integer("grace")
        emergencyHalfLife = try reader.integer("emergency_half_life")
        futureLimit = try reader.integer("future_limit")
        targetLimitExponent = try reader.integer("pow_limit_log2")
        retargets = try reader.integer("retarget", atMost: UInt16(1)) == 1
        expiry = try reader.integer("expiry")
        maximumBodyBytes = try reader.integer("max_body")
        maximumEntries = try reader.integer("max_entries")
        maximumPayloadBytes = try reader.integer("max_payload")
        stampRate = try reader.integer("stamp_rate")
        stampBase = try reader.integer("stamp_base")
        undoWindow = try reader.integer("undo_window")
        createPolicy = try reader.integer("create_policy")
        try reader.finish()
    }

    /// What a genesis header carries in place of a parent.
    public var commitment: Digest { SHA256.hash(Domain.parameters + encoded) }

    /// The greatest target that a block may have.
    public var targetLimit: Target { .powerOfTwo(Int(targetLimitExponent)) }
}
