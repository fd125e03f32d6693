import PhiLedger

/// Begins the largest message there is and never ends it.
struct TruncatedMessage: Behavior {
    static let number = 4
    static let name = "truncated-message"
    static let summary = "begins a message of 1 MB, sends all but its last byte, then nothing"

    func speak(to victim: Victim) async throws {
        let count = 1_000_000
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(count + 1))
        bytes.append(0x13)
        bytes.append(contentsOf: [UInt8](repeating: 0, count: count - 1))
        try await victim.write(bytes)
    }
}
