import PhiLedger
import PhiNode
import PhiWire

/// A peer that keeps to no rule.
struct Stranger {
    let behavior: Behavior
    let key: SimulatedKey
    let address: PeerAddress
    var chance: SeededChance

    init(_ behavior: Behavior, index: Int, in scenario: Scenario, network: Network) {
        self.behavior = behavior
        key = SimulatedKey("stranger \(index)")
        address = PeerAddress(version4: 0x0b00_0001 + UInt32(index) << 16, port: 7_181)
        chance = SeededChance(seed: scenario.seed, for: .dishonesty, index)
    }
}

extension World {
    mutating func mischief(_ index: Int) {}
    mutating func hear(_ index: Int, _ handle: PeerHandle, _ type: UInt8, _ body: [UInt8]) {}
    mutating func lost(_ index: Int, _ handle: PeerHandle) {}
}
