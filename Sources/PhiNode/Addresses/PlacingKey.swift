import PhiCrypto
import PhiLedger
import PhiWire

/// The secret that says where an address belongs, so that nobody can aim at a bucket.
struct PlacingKey: Equatable, Sendable {
    /// Bytes of the secret.
    static let byteCount = 32

    let bytes: [UInt8]
    /// Whether all nodes stand on one machine or one local network, so that groups mean nothing.
    let isLocal: Bool

    init(bytes: [UInt8], isLocal: Bool) {
        precondition(bytes.count == Self.byteCount, "a key for placing has 32 bytes")
        self.bytes = bytes
        self.isLocal = isLocal
    }

    /// A new secret.
    init(from chance: inout SeededChance, isLocal: Bool) {
        var bytes: [UInt8] = []
        while bytes.count < Self.byteCount { bytes.append(littleEndian: chance.next()) }
        self.init(bytes: bytes, isLocal: isLocal)
    }

    /// The bucket of the new table for an address that a source told of.
    func newBucket(_ address: PeerAddress, from source: NetworkGroup) -> Int {
        var parts = group(of: address)
        parts.append(bigEndian: source.address)
        let choice = number(1, parts) % UInt64(AddressBook.newBucketsPerSource)
        var second: [UInt8] = []
        second.append(bigEndian: source.address)
        second.append(UInt8(choice))
        return Int(number(2, second) % UInt64(AddressBook.newBuckets))
    }

    /// The bucket of the tried table for an address.
    func triedBucket(_ address: PeerAddress) -> Int {
        let choice = number(3, host(of: address)) % UInt64(AddressBook.triedBucketsPerGroup)
        return Int(
            number(4, group(of: address) + [UInt8(choice)]) % UInt64(AddressBook.triedBuckets)
        )
    }

    /// The slot for an address in a bucket; all nodes of one host share it.
    func slot(_ address: PeerAddress, bucket: Int, isTried: Bool) -> Int {
        var parts = host(of: address)
        parts.append(bigEndian: UInt16(bucket))
        let inBucket = number(isTried ? 6 : 5, parts) % UInt64(AddressBook.bucketSize)
        return bucket * AddressBook.bucketSize + Int(inBucket)
    }

    /// A number that nobody can foresee for a group.
    func rank(_ group: NetworkGroup) -> UInt64 {
        var parts: [UInt8] = []
        parts.append(bigEndian: group.address)
        return number(7, parts)
    }

    private func group(of address: PeerAddress) -> [UInt8] {
        var parts: [UInt8] = []
        if isLocal {
            address.append(to: &parts)
        } else {
            parts.append(bigEndian: address.group.address)
        }
        return parts
    }

    private func host(of address: PeerAddress) -> [UInt8] {
        var parts: [UInt8] = []
        if isLocal { address.append(to: &parts) } else { parts.append(bigEndian: address.host64) }
        return parts
    }

    private func number(_ use: UInt8, _ parts: [UInt8]) -> UInt64 {
        let hash = SHA256.hash(bytes + [use] + parts).bytes
        return hash[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
