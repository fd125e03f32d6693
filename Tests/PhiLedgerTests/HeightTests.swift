import PhiLedger
import Testing

@Suite("A height") struct HeightTests {
    @Test("has the parent's and the child's beside it", arguments: [1, 2, 77, UInt32.max - 1])
    func neighbors(number: UInt32) {
        #expect(Height(number).previous == Height(number - 1))
        #expect(Height(number).next == Height(number + 1))
    }

    @Test("has no parent at the genesis block and no child at the largest number") func ends() {
        #expect(Height.genesis.previous == nil)
        #expect(Height.genesis.next == Height(1))
        #expect(Height(.max).next == nil)
        #expect(Height(.max).previous == Height(.max - 1))
    }

    @Test("lies above another by their difference, or by nothing") func distance() {
        #expect(Height(9).distance(above: Height(4)) == 5)
        #expect(Height(4).distance(above: Height(4)) == 0)
        #expect(Height(4).distance(above: Height(9)) == 0)
        #expect(Height(.max).distance(above: .genesis) == .max)
    }

    @Test("is lowered to the genesis block at most") func lowered() {
        #expect(Height(9).lowered(by: 4) == Height(5))
        #expect(Height(9).lowered(by: 9) == .genesis)
        #expect(Height(9).lowered(by: 10) == .genesis)
        #expect(Height(9).lowered(by: 0) == Height(9))
    }
}
