/// The first record of a store's log, changed so that its checksum is right again.
enum NodeProcessLog {
    private static let headByteCount = 7
    private static let batchHeadByteCount = 12

    /// Raises the version of the layout, which a new store writes before all else, to 255.
    ///
    /// - Returns: Whether the record was found to begin with a version.
    static func raiseVersion(_ log: inout [UInt8]) -> Bool {
        guard log.count > 40 else { return false }
        let end = headByteCount + Int(log[4]) + Int(log[5]) << 8
        // A put, its key with its count, and the count of the value.
        let key = headByteCount + batchHeadByteCount + 1
        let value = key + 1 + Int(log[key])
        guard log[key - 1] == 1, end <= log.count, log[value] == 4 else { return false }
        log[value + 4] = 255
        let sum = checksum(log[6..<end])
        let masked = (sum >> 15 | sum << 17) &+ 0xA282_EAD8
        for index in 0..<4 { log[index] = UInt8(truncatingIfNeeded: masked >> (8 * index)) }
        return true
    }

    /// CRC-32C.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0x82F6_3B78 : 0) }
        }
        return ~sum
    }
}
