import PhiLedger

/// Announces frames that are longer than any frame may be.
struct OversizeLength: Behavior {
    static let number = 3
    static let name = "oversize-length"
    static let summary = "announces a frame of 4 GiB, or one byte over a limit, and sends on"

    private static let lengths: [UInt32] = [.max, 1_048_577, 1 << 31, 0]

    func speak(to victim: Victim) async throws {
        var head: [UInt8] = []
        head.append(littleEndian: Self.lengths[victim.index % Self.lengths.count])
        try await victim.write(head + [0x13])
        let rest = [UInt8](repeating: 0xAA, count: 65_536)
        while true { try await victim.write(rest) }
    }
}
