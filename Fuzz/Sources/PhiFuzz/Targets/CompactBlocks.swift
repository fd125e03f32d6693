import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiWire

@testable import PhiNode

extension FuzzTarget {
    /// A block put together from short ids, against a plain list of what is at hand.
    static let compactBlock = FuzzTarget(
        "compact-block",
        "compact blocks: decoding, and putting a block together from ids that may collide",
        byteLimit: 8_192,
        memory: MemoryBound(base: 131_072, perByte: 64),
        seeds: {
            let pushed = Samples.messages.filter { $0.type == .compactBlock }
            let whole = pushed.map { [0] + $0.encodedBody() }
            return whole + [
                [1, 6, 0, 0, 1, 2, 3, 4, 5], [1, 6, 0b101, 0, 1, 3, 4, 5],
                [1, 4, 0, 3, 0, 1, 2, 3],
            ]
        },
        run: { input in
            var supply = Supply(input)
            guard supply.flag() else { return decode(supply.rest()) }
            assemble(&supply)
        }
    )

    private static func decode(_ body: [UInt8]) {
        let message = try? Message.decode(
            type: MessageType.compactBlock.rawValue,
            body: body,
            parameters: Samples.parameters
        )
        guard case .compactBlock(let block) = message else { return }
        claimEqual(message?.encodedBody(), body, "a compact block written again")
        let count = block.identifiers.count + block.prefilled.count
        claimEqual(count, Int(block.header.body?.entryCount ?? 0), "the entries of the block")
        let genesis = ValidHeader(genesisOf: Samples.network)
        guard let assembly = CompactAssembly(block, header: genesis, from: 1, until: .zero) else {
            return claim(Set(block.identifiers).count < block.identifiers.count) {
                "only ids that collide keep a block from being put together"
            }
        }
        claimEqual(assembly.missing.count, block.identifiers.count, "the missing entries")
    }

    /// Puts a block together whose ids are chosen by the input, and does the same with a list.
    private static func assemble(_ supply: inout Supply) {
        let entries = Array(Samples.entries.prefix(1 + supply.choice(8)))
        let whole = supply.byte()
        let mask = supply.byte()
        // A narrow mask makes ids collide.
        let identifiers = entries.indices.map {
            ShortID(truncating: UInt64(mask == 0 ? UInt8($0) : UInt8($0) & mask))
        }
        let isWhole = entries.indices.map { whole >> UInt8($0) & 1 == 1 }
        let short = entries.indices.filter { !isWhole[$0] }
        guard let header = Samples.compactBlock(height: 1, salt: 1, whole: [])?.header,
            let block = block(of: entries, header, identifiers, isWhole)
        else { return }
        let wanted = short.map { identifiers[$0] }
        let assembly = CompactAssembly(
            block,
            header: ValidHeader(genesisOf: Samples.network),
            from: 1,
            until: .zero
        )
        claimEqual(assembly != nil, Set(wanted).count == wanted.count, "whether ids are distinct")
        guard var assembly else { return }
        var found: [Int: [Int]] = [:]
        while !supply.isEmpty {
            let choice = supply.choice(entries.count)
            assembly.offer(identifiers[choice]) { entries[choice] }
            guard let place = short.first(where: { identifiers[$0] == identifiers[choice] }) else {
                continue
            }
            found[place, default: []].append(choice)
        }
        // Of two offers for one place neither counts.
        let missing = short.filter { found[$0]?.count != 1 }
        claimEqual(assembly.missing.map(Int.init), missing, "the missing places")
        let completed = assembly.complete(
            missing.map { entries[$0] },
            missing.map { identifiers[$0] }
        )
        claim(completed) { "the missing entries complete the block" }
        claim(assembly.missing.isEmpty) { "nothing is missing from a whole block" }
        let expected = entries.indices.flatMap { index in
            let offers = found[index] ?? []
            return entries[offers.count == 1 ? offers[0] : index].bytes
        }
        claimEqual(assembly.bytes, expected, "the bytes of the block")
    }

    /// A compact block for any number of entries, by way of its bytes.
    private static func block(
        of entries: [Entry],
        _ sample: CompactHeader,
        _ identifiers: [ShortID],
        _ isWhole: [Bool]
    ) -> CompactBlock? {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(1))
        bytes.append(contentsOf: Samples.network.chain.bytes)
        bytes.append(1)
        bytes.append(varint: sample.delay)
        bytes.append(littleEndian: sample.nonce)
        bytes.append(varint: UInt64(entries.count))
        bytes.append(varint: UInt64(BlockBody(entries).byteCount))
        bytes.append(contentsOf: BlockBody(entries).root.bytes)
        bytes.append(littleEndian: UInt64(1))
        let short = entries.indices.filter { !isWhole[$0] }
        bytes.append(littleEndian: UInt16(short.count))
        for index in short {
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: identifiers[index].rawValue))
            bytes.append(littleEndian: UInt16(identifiers[index].rawValue >> 32))
        }
        var next = 0
        for index in entries.indices where isWhole[index] {
            bytes.append(varint: UInt64(index - next))
            bytes.append(contentsOf: entries[index].bytes)
            next = index + 1
        }
        let message = try? Message.decode(
            type: MessageType.compactBlock.rawValue,
            body: bytes,
            parameters: Samples.parameters
        )
        guard case .compactBlock(let block) = message else {
            claim(false) { "a compact block of \(entries.count) entries is read" }
            return nil
        }
        return block
    }
}
