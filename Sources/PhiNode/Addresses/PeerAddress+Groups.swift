import PhiWire

extension PeerAddress {
    /// The /24 of a v4 address, the /48 of a v6 one: the finest that may tell networks apart.
    var subnet: UInt128 { masked(version4 == nil ? 80 : 8) }

    /// What one party has with one host: a v4 address, the /64 of a v6 one.
    var host64: UInt128 { masked(version4 == nil ? 64 : 0) }

    private func masked(_ hostBits: UInt128) -> UInt128 { (address >> hostBits) << hostBits }
}
