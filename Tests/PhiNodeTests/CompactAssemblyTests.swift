import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire
import Testing

@testable import PhiNode

@Suite("A block put together from short ids") struct CompactAssemblyTests {
    private let entries: [Entry]
    private let header: ValidHeader
    private let identifiers = (1...4).map { ShortID(truncating: $0) }

    init() throws {
        var push = try PushBench(peers: [])
        entries = push.entries(4)
        header = push.chain.append(entries).header
    }

    private func assembly(identifiers: [ShortID], prefilled: [UInt16]) throws -> CompactAssembly? {
        let compact = CompactHeader(header.header, after: .zero, minimumSpacing: 0)
        let block = CompactBlock(
            height: header.header.height,
            parent: header.header.previous,
            header: try #require(compact),
            salt: 9,
            identifiers: identifiers,
            prefilled: prefilled.map {
                CompactBlock.Prefilled(index: $0, entry: entries[Int($0)])
            }
        )
        return CompactAssembly(block, header: header, from: 1, until: .zero)
    }

    @Test("has its whole entries in their places and lacks the others") func start() throws {
        let assembly = try #require(
            try assembly(identifiers: Array(identifiers[..<2]), prefilled: [1, 2])
        )
        #expect(assembly.missing == [0, 3])
    }

    @Test("takes what it wants, and nothing else") func offers() throws {
        var assembly = try #require(try assembly(identifiers: identifiers, prefilled: []))
        assembly.offer(ShortID(truncating: 5)) { entries[0] }
        #expect(assembly.missing == [0, 1, 2, 3])
        for index in [2, 0, 3] { assembly.offer(identifiers[index]) { entries[index] } }
        #expect(assembly.missing == [1])
        let done = assembly.complete([entries[1]], [identifiers[1]])
        #expect(done)
        #expect(assembly.bytes == entries.flatMap(\.bytes))
    }

    @Test("takes neither of two, nor a third, that have one short id") func contest() throws {
        var assembly = try #require(try assembly(identifiers: identifiers, prefilled: []))
        for index in 0..<4 { assembly.offer(identifiers[index]) { entries[index] } }
        assembly.offer(identifiers[1]) { entries[3] }
        #expect(assembly.missing == [1])
        assembly.offer(identifiers[1]) { entries[2] }
        #expect(assembly.missing == [1])
    }

    @Test("does not begin with two equal short ids") func duplicates() throws {
        let twice = [identifiers[0], identifiers[1], identifiers[0]]
        #expect(try assembly(identifiers: twice, prefilled: [3]) == nil)
    }

    @Test("is completed by entries of the right number and short ids alone") func completion()
        throws
    {
        let start = try #require(try assembly(identifiers: identifiers, prefilled: []))
        let isRight = { (found: [Entry], identifiers: [ShortID]) in
            var assembly = start
            return assembly.complete(found, identifiers)
        }
        #expect(isRight(entries, identifiers))
        #expect(!isRight(Array(entries[..<3]), Array(identifiers[..<3])))
        #expect(!isRight(entries + [entries[0]], identifiers + [identifiers[0]]))
        #expect(!isRight(entries, identifiers.reversed()))
        #expect(!isRight(entries, identifiers.map { ShortID(truncating: $0.rawValue + 1) }))
    }
}
