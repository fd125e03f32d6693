extension NetworkParameters {
    private init(
        blockInterval: UInt32,
        minimumSpacing: UInt32,
        futureLimit: UInt32,
        targetLimitExponent: UInt16,
        retargets: Bool,
        stampRate: UInt32
    ) {
        self.blockInterval = blockInterval
        halfLife = 60 * blockInterval
        self.minimumSpacing = minimumSpacing
        idleCap = 60 * blockInterval
        grace = 30 * blockInterval
        emergencyHalfLife = 6 * blockInterval
        self.futureLimit = futureLimit
        self.targetLimitExponent = targetLimitExponent
        self.retargets = retargets
        expiry = 8_640
        maximumBodyBytes = 524_288
        maximumEntries = 2_048
        maximumPayloadBytes = 32_768
        self.stampRate = stampRate
        stampBase = 1_024
        undoWindow = 60_480
        createPolicy = 0
    }

    /// The network that is meant to last: a block in ten seconds.
    public static let main = NetworkParameters(
        blockInterval: 10_000,
        minimumSpacing: 1_000,
        futureLimit: 30_000,
        targetLimitExponent: 236,
        retargets: true,
        stampRate: 256
    )

    /// A network for trials among machines: a block in two seconds, cheap stamps.
    public static let test = NetworkParameters(
        blockInterval: 2_000,
        minimumSpacing: 200,
        futureLimit: 10_000,
        targetLimitExponent: 244,
        retargets: true,
        stampRate: 16
    )

    /// A network for one developer's machine: blocks on demand, no stamp cost.
    public static let development = NetworkParameters(
        blockInterval: 1_000,
        minimumSpacing: 1,
        futureLimit: 60_000,
        targetLimitExponent: 255,
        retargets: false,
        stampRate: 0
    )
}
