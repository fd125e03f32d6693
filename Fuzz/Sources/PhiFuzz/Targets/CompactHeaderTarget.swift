import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

extension FuzzTarget {
    /// Headers, whole and in the form that leaves out what their parent fixes.
    static let compactHeader = FuzzTarget(
        "compact-header",
        "headers whole and compact: one encoding each, nothing lost between the two forms",
        byteLimit: 512,
        memory: MemoryBound(base: 32_768, perByte: 8),
        seeds: {
            let whole = Samples.chain.headers.map { [0] + $0.encoded }
            let compact = Samples.headers().items.map { item in
                var bytes: [UInt8] = [1]
                item.append(to: &bytes)
                return bytes
            }
            return whole + compact
        },
        run: { input in
            var supply = Supply(input)
            let isCompact = supply.flag()
            let bytes = supply.rest()
            if isCompact { readCompact(bytes) } else { readWhole(bytes) }
        }
    )

    private static func readWhole(_ bytes: [UInt8]) {
        guard let header = try? Header(decoding: bytes) else { return }
        claimEqual(header.encoded, bytes, "a header written again")
        claimEqual(header.searchPrefix.count, Header.prefixByteCount, "the front of a header")
        let spacing = Samples.parameters.minimumSpacing
        let back = header.time.milliseconds &- UInt64(header.nonce & 0xffff_ffff)
        let parent = Timestamp(milliseconds: back)
        guard let compact = CompactHeader(header, after: parent, minimumSpacing: spacing) else {
            return claim(header.time < parent.adding(milliseconds: UInt64(spacing))) {
                "a header that is late enough has a compact form"
            }
        }
        let time = parent.adding(milliseconds: UInt64(spacing) + compact.delay)
        claimEqual(time, header.time, "the time of a compact header")
        claimEqual(compact.nonce, header.nonce, "the nonce of a compact header")
        claimEqual(compact.body?.entryCount ?? 0, header.entryCount, "the count of entries")
    }

    private static func readCompact(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        let read = try? CompactHeader(from: &reader, parameters: Samples.parameters)
        guard let header = read else { return }
        var again: [UInt8] = []
        header.append(to: &again)
        claimEqual(again, Array(bytes.prefix(reader.offset)), "a compact header written again")
    }
}
