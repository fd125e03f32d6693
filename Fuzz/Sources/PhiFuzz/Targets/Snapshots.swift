import PhiAPI
import PhiConsensus
import PhiCrypto
import PhiLedger
import PhiTesting
import PhiWire

@testable import PhiClient
@testable import PhiDaemon
@testable import PhiNode

extension FuzzTarget {
    /// Files that a node or a person loads: address books, chain files, networks, keystores.
    static let snapshots = FuzzTarget(
        "snapshots",
        "files that are loaded: address books, lines of chain files, genesis files, keystores",
        byteLimit: 8_192,
        memory: MemoryBound(base: 4 << 20, perByte: 128),
        seeds: { fileSeeds },
        run: { input in
            var supply = Supply(input)
            let form = supply.choice(6)
            let bytes = supply.rest()
            switch form {
            case 0: book(bytes)
            case 1:
                let front = AddressBook.snapshotMark + Samples.network.chain.bytes + bytes
                book(front + SHA256.hash(front).bytes)
            case 2: line(bytes)
            case 3: genesis(bytes)
            case 4: keystoreFile(bytes)
            default: keystore(bytes)
            }
        }
    )

    private static func book(_ bytes: [UInt8]) {
        let chain = Samples.network.chain
        for isLocal in [false, true] {
            do throws(AddressBookFailure) {
                let found = try AddressBook.restored(bytes, chain: chain, isLocal: isLocal)
                claim(found.book.count <= AddressBook.placeLimit) { "a book keeps its limit" }
                let again = found.book.snapshot(anchors: found.anchors, chain: chain)
                if !isLocal, bytes == sampleBook {
                    claimEqual(again, bytes, "a book that was written here")
                }
                let back = try AddressBook.restored(again, chain: chain, isLocal: isLocal)
                claimEqual(back.book.count, found.book.count, "the places of a book read again")
                claimEqual(
                    back.book.snapshot(anchors: back.anchors, chain: chain),
                    again,
                    "a book written again"
                )
            } catch {}
        }
    }

    private static func line(_ bytes: [UInt8]) {
        guard let line = try? BlockLine(parsing: bytes, number: 1) else { return }
        let again = try? BlockLine(parsing: line.text.dropLast(), number: 1)
        claimEqual(again?.header, line.header, "the header of a line written again")
        claimEqual(again?.body, line.body, "the body of a line written again")
    }

    private static func genesis(_ bytes: [UInt8]) {
        guard let document = try? GenesisDocument(parsing: bytes) else { return }
        let again = try? GenesisDocument(parsing: document.serialized)
        claimEqual(again?.serialized, document.serialized, "a genesis file written again")
        claimEqual(again?.network, document.network, "the network of a genesis file")
    }

    private static func keystoreFile(_ bytes: [UInt8]) {
        guard let body = try? KeystoreFile.body(of: bytes) else { return }
        claimEqual(KeystoreFile.text(of: body.bytes), bytes, "a keystore's text written again")
        guard !body.isSealed, let contents = try? KeystoreFile.contents(ofOpen: body.bytes) else {
            return
        }
        claimEqual(KeystoreFile.open(contents), body.bytes, "a keystore's body written again")
        keystore(contents)
    }

    private static func keystore(_ bytes: [UInt8]) {
        guard let contents = try? KeystoreContents(decoding: bytes) else { return }
        let again = try? KeystoreContents(decoding: contents.encoded)
        claimEqual(again?.all.count, contents.all.count, "the meetings of a keystore read again")
        claimEqual(again?.encoded, contents.encoded, "a keystore written again")
    }

    /// Others may name a place twice; this one is the same when it is read and written.
    private static let sampleBook = Samples.book.snapshot(
        anchors: Samples.anchors,
        chain: Samples.network.chain
    )

    private static let fileSeeds: [[UInt8]] = {
        let book = sampleBook
        let front = AddressBook.snapshotMark.count + 32
        let block = Samples.chain.blocks[1]
        let line = BlockLine(header: block.header.header, body: block.body.encoded)
        var contents: [UInt8] = []
        if let seed = IdentitySeed([UInt8](repeating: 4, count: 32)) {
            var kept = KeystoreContents(seed: seed, device: 3)
            kept[Samples.digest(1)] = KeptMeeting(
                chain: Samples.network.chain,
                meeting: Samples.digest(1),
                hostSalt: [UInt8](repeating: 8, count: 16),
                title: "kept",
                outbox: [Samples.entries[3]]
            )
            kept[Samples.digest(2)] = KeptMeeting(
                chain: Samples.network.chain,
                meeting: Samples.digest(2)
            )
            contents = kept.encoded
        }
        let genesis = (try? GenesisDocument(Samples.network, seeds: ["127.0.0.1:7181"]))
        return [
            [0] + book, [1] + book[front..<(book.count - 32)], [2] + line.text.dropLast(),
            [3] + (genesis?.serialized ?? []),
            [4] + KeystoreFile.text(of: KeystoreFile.open(contents)), [5] + contents,
        ]
    }()
}

extension Samples {
    static let anchors = (1...3).map { number in
        Anchor(
            address: address(number),
            identity: TestKey("anchor \(number)").verifyingKey,
            isQuiet: number == 2
        )
    }

    /// A book with tried and new addresses, with records and without.
    static let book: AddressBook = {
        var chance = SeededChance(seed: 3)
        var book = AddressBook(key: PlacingKey(from: &chance, isLocal: false))
        for number in 0..<9 {
            let place = PeerAddress(version4: 0x0b00_0001 + UInt32(number) << 16, port: 7181)
            let identity = TestKey("node \(number)").verifyingKey
            if number % 3 == 0 {
                book.answered(place, identity: identity, way: .seed, now: now)
            } else {
                book.heard(
                    of: place,
                    identity: number == 4 ? nil : identity,
                    from: address(1).group,
                    way: .peers,
                    now: now,
                    chance: &chance
                )
            }
        }
        book.learn(
            record(addresses: 2),
            from: address(1).group,
            way: .peers,
            now: now,
            chance: &chance
        )
        return book
    }()
}
