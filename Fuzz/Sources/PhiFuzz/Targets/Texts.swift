import PhiAPI
import PhiCrypto
import PhiLedger
import PhiMeetings
import PhiTesting
import PhiWire

extension FuzzTarget {
    /// What people type and paste: links, names, addresses, digits.
    static let texts = FuzzTarget(
        "texts",
        "links, meeting names, addresses, digits and topics as people type them",
        byteLimit: 1_024,
        memory: MemoryBound(base: 131_072, perByte: 128),
        seeds: { textSeeds },
        run: { input in
            var supply = Supply(input)
            let form = supply.choice(8)
            let bytes = supply.rest()
            let text = String(decoding: bytes, as: UTF8.self)
            let prefix = Samples.network.prefix
            switch form {
            case 0: link(text, prefix)
            case 1: reference(text, prefix)
            case 2: address(text)
            case 3: bech32(text, bytes)
            case 4: digits(text, bytes)
            case 5: topic(text, prefix)
            case 6: beacon(bytes)
            default: base64(text, bytes)
            }
        }
    )

    private static let textSeeds: [[UInt8]] = {
        let meeting = Samples.entries[0].id
        let prefix = Samples.network.prefix
        let secret = MeetingSecret([UInt8](repeating: 6, count: 32))
        var peerAddress: [UInt8] = []
        Samples.address(3).append(to: &peerAddress)
        let peer = LinkPeer(address: peerAddress, identity: Samples.signer.verifyingKey)
        let peers = peer.map { [$0] } ?? []
        let bare = MeetingLink(meeting: meeting, prefix: prefix, secret: nil, peers: [])
        let full = MeetingLink(meeting: meeting, prefix: prefix, secret: secret, peers: peers)
        let texts: [(UInt8, String)] = [
            (0, bare.text), (0, full.text), (0, "https://phi.example/m/x#y"),
            (1, meeting.hex), (1, full.text), (2, "127.0.0.1:7181"), (2, "[::1]:7181"),
            (2, "[2001:db8::8:800:200c:417a]:1"),
            (3, Bech32m.encode(prefix: prefix, meeting.bytes)),
            (4, meeting.hex), (4, "1f"), (5, "blocks"), (5, "meeting:\(meeting.hex)"),
            (7, "AAECAw=="), (7, "00ff"),
        ]
        let beacon = LANBeacon(
            nonce: 7,
            listenPort: 7181,
            chain: Samples.network.chain,
            now: Samples.now
        )
        return texts.map { [$0.0] + Array($0.1.utf8) } + [[6] + beacon.encoded]
    }()

    private static func link(_ text: String, _ prefix: String) {
        guard let link = try? MeetingLink(text, prefix: prefix) else { return }
        let again = try? MeetingLink(link.text, prefix: prefix)
        claimEqual(again, link, "a link written again")
        claim(link.peers.count <= MeetingLink.peerLimit) { "a link keeps its limit of peers" }
    }

    private static func reference(_ text: String, _ prefix: String) {
        guard let reference = try? MeetingReference(text, prefix: prefix) else { return }
        if case .link(let link) = reference {
            claimEqual(link.meeting, reference.meeting, "the meeting of a link")
        }
        let name = try? MeetingReference(reference.meeting.hex, prefix: prefix)
        claimEqual(name?.meeting, reference.meeting, "a meeting by its digits")
    }

    private static func address(_ text: String) {
        guard let address = PeerAddress(text) else { return }
        claimEqual(PeerAddress(address.description), address, "an address written again")
        var bytes: [UInt8] = []
        address.append(to: &bytes)
        var reader = ByteReader(bytes)
        claimEqual(try? PeerAddress(from: &reader), address, "an address from its bytes")
    }

    private static func bech32(_ text: String, _ bytes: [UInt8]) {
        if let found = try? Bech32m.decode(text) {
            let again = Bech32m.encode(prefix: found.prefix, found.data)
            claimEqual(again, text.lowercased(), "a name written again")
        }
        let data = Array(bytes.prefix(40))
        let name = Bech32m.encode(prefix: Samples.network.prefix, data)
        let back = try? Bech32m.decode(name)
        claimEqual(back?.data, data, "the bytes of a name")
    }

    private static func digits(_ text: String, _ bytes: [UInt8]) {
        if let digest = Digest(hex: text) { claimEqual(digest.hex, text, "a hash written again") }
        if let work = Work(hex: text) { claimEqual(work.hex, text, "work written again") }
        if let found = Hexadecimal.decode(text) {
            claimEqual(Hexadecimal.encode(found), text.lowercased(), "digits written again")
        }
        let digits = Hexadecimal.encode(bytes)
        claimEqual(Hexadecimal.decode(digits), bytes, "bytes from their digits")
    }

    private static func topic(_ text: String, _ prefix: String) {
        guard let topic = try? Topic(text, networkPrefix: prefix) else { return }
        claimEqual(try? Topic(topic.description), topic, "a topic written again")
    }

    private static func beacon(_ bytes: [UInt8]) {
        guard let beacon = try? LANBeacon(decoding: bytes) else { return }
        claimEqual(beacon.encoded, bytes, "a beacon written again")
        _ = beacon.asks(for: Samples.network.chain, now: Samples.now)
        _ = beacon.asks(for: Samples.network.chain, now: Timestamp(milliseconds: .max))
    }

    private static func base64(_ text: String, _ bytes: [UInt8]) {
        if let found = Base64.decode(text) {
            claimEqual(Base64.encode(found), text, "a text of bytes written again")
        }
        claimEqual(Base64.decode(Base64.encode(bytes)), bytes, "bytes from their text")
    }
}
