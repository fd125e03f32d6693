import PhiCrypto
public import PhiLedger
import PhiWire

/// Why a book that was written down cannot be read.
public enum AddressBookFailure: Error, Equatable, Sendable {
    /// The bytes do not begin as a book of this version.
    case otherFormat
    /// The book belongs to another network.
    case otherNetwork
    /// The bytes are not the ones that were written.
    case damaged
    /// A field is wrong though the bytes are those that were written.
    case malformed(DecodingFailure)
}

extension AddressBook {
    /// The bytes that every book of this version begins with.
    static let snapshotMark: [UInt8] = Array("phibook1".utf8)
    /// Bytes of a book at most.
    static let snapshotByteLimit = 6 << 20
    /// Addresses in a book at most.
    static let placeLimit = (newBuckets + triedBuckets) * bucketSize

    private static let triedFlag: UInt8 = 1
    private static let identityFlag: UInt8 = 2
    private static let recordFlag: UInt8 = 4

    /// The book with its key and the anchors, to be read back by `init(restoring:)`.
    func snapshot(anchors: [Anchor], chain: Digest) -> [UInt8] {
        var bytes = Self.snapshotMark + chain.bytes + key.bytes
        bytes.append(UInt8(min(anchors.count, Anchor.limit)))
        for anchor in anchors.prefix(Anchor.limit) {
            anchor.address.append(to: &bytes)
            anchor.identity.append(to: &bytes)
            bytes.append(anchor.isQuiet ? 1 : 0)
        }
        let kept = order.sorted().compactMap { places[$0] }
            .filter { $0.isTried || !$0.slots.isEmpty }
        bytes.append(littleEndian: UInt32(kept.count))
        for place in kept { Self.append(place, to: &bytes) }
        SHA256.hash(bytes).append(to: &bytes)
        return bytes
    }

    private static func append(_ place: Place, to bytes: inout [UInt8]) {
        var flags: UInt8 = place.isTried ? triedFlag : 0
        if place.record != nil {
            flags |= recordFlag
        } else if place.identity != nil {
            flags |= identityFlag
        }
        bytes.append(flags)
        place.address.append(to: &bytes)
        bytes.append(place.way.rawValue)
        bytes.append(bigEndian: place.source.address)
        for time in [place.firstSeen, place.lastSeen, place.lastSuccess, place.lastTry] {
            bytes.append(littleEndian: time.milliseconds)
        }
        bytes.append(place.failures)
        if let record = place.record {
            bytes.append(littleEndian: UInt16(record.encoded.count))
            bytes += record.encoded
        } else {
            place.identity?.append(to: &bytes)
        }
        guard !place.isTried else { return }
        bytes.append(UInt8(place.slots.count))
        for slot in place.slots { bytes.append(littleEndian: UInt16(slot)) }
    }

    /// A book that was written down, with the anchors beside it.
    ///
    /// - Parameters:
    ///   - bytes: What `snapshot` gave.
    ///   - chain: The network's genesis hash.
    ///   - isLocal: Whether groups mean nothing; a book of the other kind is placed anew.
    /// - Returns: The book and the anchors.
    /// - Throws: Why the bytes are no book.
    static func restored(
        _ bytes: [UInt8],
        chain: Digest,
        isLocal: Bool
    ) throws(AddressBookFailure) -> (book: AddressBook, anchors: [Anchor]) {
        guard bytes.starts(with: snapshotMark) else { throw .otherFormat }
        guard bytes.count >= snapshotMark.count + 3 * 32, bytes.count <= snapshotByteLimit else {
            throw .damaged
        }
        let end = bytes.count - 32
        guard SHA256.hash(Array(bytes[..<end])) == Digest(reading: bytes, at: end) else {
            throw .damaged
        }
        do throws(DecodingFailure) {
            var reader = ByteReader(Array(bytes[snapshotMark.count..<end]))
            let found: Digest = try reader.fixed("book chain")
            guard found == chain else { throw .notCanonical(field: "book chain") }
            let key = try reader.take(PlacingKey.byteCount, "book key")
            var anchors: [Anchor] = []
            for _ in 0..<(try reader.integer("anchor count", atMost: UInt8(Anchor.limit))) {
                anchors.append(
                    Anchor(
                        address: try PeerAddress(from: &reader),
                        identity: try reader.fixed("anchor identity"),
                        isQuiet: try reader.integer("anchor kind", atMost: 1 as UInt8) == 1
                    )
                )
            }
            var book = AddressBook(key: PlacingKey(bytes: key, isLocal: isLocal))
            for _ in 0..<(try reader.integer("place count", atMost: UInt32(placeLimit))) {
                try book.restorePlace(from: &reader)
            }
            try reader.finish()
            return (book: book, anchors: anchors)
        } catch {
            if error == .notCanonical(field: "book chain") { throw .otherNetwork }
            throw .malformed(error)
        }
    }

    private mutating func restorePlace(from reader: inout ByteReader) throws(DecodingFailure) {
        let flags = try reader.integer("place flags", atMost: 7 as UInt8)
        let address = try PeerAddress(from: &reader)
        let way = try reader.integer("place way", as: UInt8.self)
        let source = try reader.integer("place source", as: UInt128.self).byteSwapped
        var times: [Timestamp] = []
        for _ in 0..<4 {
            times.append(Timestamp(milliseconds: try reader.integer("place time")))
        }
        let failures = try reader.integer("place failures", as: UInt8.self)
        var record: NodeRecord?
        var identity: VerifyingKey?
        if flags & Self.recordFlag != 0 {
            let limit = UInt16(NodeRecord.maximumByteCount)
            let count = try reader.integer("record length", atMost: limit)
            record = try NodeRecord(from: &reader, byteCount: Int(count))
            identity = record?.identity
        } else if flags & Self.identityFlag != 0 {
            identity = try reader.fixed("place identity")
        }
        var slots: [Int] = []
        if flags & Self.triedFlag == 0 {
            let count = try reader.integer("slot count", atMost: UInt8(Self.referenceLimit))
            for _ in 0..<count {
                slots.append(
                    Int(try reader.integer("slot", atMost: UInt16(newSlots.count - 1)))
                )
            }
        }
        var place = Place(
            address: address,
            identity: identity,
            record: record,
            way: WayFound(rawValue: way) ?? .peers,
            source: PeerAddress(address: source, port: 0).group,
            firstSeen: times[0],
            lastSeen: times[1]
        )
        place.lastSuccess = times[2]
        place.lastTry = times[3]
        place.failures = failures
        restore(place, isTried: flags & Self.triedFlag != 0, slots: slots)
    }

    private mutating func restore(_ place: Place, isTried: Bool, slots: [Int]) {
        guard index(of: place.address, identity: place.identity) == nil else { return }
        if isTried {
            let slot = triedSlot(of: place.address)
            guard triedSlots[slot] == nil else { return }
            setTried(slot, to: insert(place))
        } else {
            let free = slots.filter { newSlots[$0] == nil }
            guard let first = free.first else { return }
            let index = insert(place)
            setNew(first, to: index)
            for slot in free.dropFirst() where newSlots[slot] == nil { setNew(slot, to: index) }
        }
    }
}
