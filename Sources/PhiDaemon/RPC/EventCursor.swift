import PhiChain
import PhiCrypto
import PhiLedger
import PhiLevelDB

/// Where a subscriber goes on: behind an entry or a whole block of the chain it has seen.
///
/// The end of the block's hash tells, after a restart or on another node, whether the chain is
/// still the one that the cursor is from.
struct EventCursor: Equatable {
    let position: Position
    let tail: AnchorTail

    /// Behind a whole block.
    init(after header: Header, hash: Digest) {
        self.init(Position(height: header.height, index: .max), hash: hash)
    }

    /// Behind the parent of a block.
    init(before header: Header) {
        self.init(
            Position(height: header.height.previous ?? .genesis, index: .max),
            hash: header.previous
        )
    }

    init(_ position: Position, hash: Digest) {
        self.position = position
        tail = AnchorTail(of: hash)
    }

    /// Reads what `text` wrote, or is nil for any other text.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 32,
            let cursor = PositionCursor(String(parts[0])),
            // Half a digest is a digest with zeros in front.
            let hash = Digest(hex: String(repeating: "0", count: 32) + parts[1])
        else { return nil }
        position = cursor.position
        tail = AnchorTail(of: hash)
    }

    /// The cursor as callers pass it back.
    var text: String {
        var bytes = [UInt8](repeating: 0, count: 16)
        tail.append(to: &bytes)
        return PositionCursor(position).text + "." + Digest(reading: bytes, at: 0).hex.suffix(32)
    }

    /// Whether the chain still has the block that the cursor is from.
    func isOn(_ chain: RPCMethods.Chain) throws(StoreFailure) -> Bool {
        guard let header = try chain.header(at: position.height) else { return false }
        return AnchorTail(of: header.hash) == tail
    }
}
