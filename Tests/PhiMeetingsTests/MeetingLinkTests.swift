import PhiCrypto
import PhiLedger
import Testing

@testable import PhiMeetings

@Suite("A link") struct MeetingLinkTests {
    static let meeting = Digest(reading: Laboratory.bytes(1), at: 0)

    static func link(secret: Bool, peers: Int) throws -> MeetingLink {
        let nodes = try (0..<peers).map { number in
            let address = [4] + Laboratory.salt(number) + [0x12, UInt8(number)]
            let identity = VerifyingKey(reading: Laboratory.bytes(number), at: 0)
            return try required(LinkPeer(address: address, identity: identity))
        }
        return MeetingLink(
            meeting: meeting,
            prefix: "phi",
            secret: secret ? try Laboratory.secret(7) : nil,
            peers: nodes
        )
    }

    @Test("comes back from both of its forms", arguments: [true, false], 0...4)
    func roundTrip(secret: Bool, peers: Int) throws {
        let link = try Self.link(secret: secret, peers: peers)
        let forms = [
            link.text, link.webText(node: "https://phi.example:8443"),
            link.webText(node: "http://[::1]:80/"),
        ]
        for text in forms {
            let read = try MeetingLink(text, prefix: "phi")
            #expect(read == link)
            #expect(try MeetingReference(text, prefix: "phi") == .link(link))
            #expect(read.peers.map(\.port) == (0..<UInt16(peers)).map { 0x1200 + $0 })
        }
        #expect(link.text.utf8.count < MeetingLink.characterLimit)
    }

    @Test("has the bytes that the format says")
    func layout() throws {
        let link = try Self.link(secret: true, peers: 1)
        let fragment = try required(link.text.split(separator: "#").last)
        let bytes = try required(Base64Text.url.decode(fragment.utf8))
        #expect(Array(bytes[..<2]) == [1, 1])
        #expect(Array(bytes[2..<34]) == Laboratory.bytes(7))
        #expect(bytes[34] == 1)
        #expect(Array(bytes[35..<54]) == [4] + Laboratory.salt(0) + [0x12, 0])
        #expect(Array(bytes[54...]) == Laboratory.bytes(0))
    }

    @Test("is understood with a scheme in capitals, and a name in capitals")
    func capitals() throws {
        let name = MeetingName.encode(Self.meeting, prefix: "phi").uppercased()
        for text in ["PHI:" + name, "HTTPS://Phi.Example/m/" + name] {
            #expect(try MeetingLink(text, prefix: "phi").meeting == Self.meeting)
        }
    }

    @Test("names the network that it is of, when that is another")
    func otherNetwork() throws {
        let link = MeetingLink(meeting: Self.meeting, prefix: "phit")
        let failure = LinkFailure.otherNetwork(expected: "phi", found: "phit")
        #expect(throws: failure) { try MeetingLink(link.text, prefix: "phi") }
        #expect(throws: failure) {
            try MeetingReference(String(link.text.dropFirst(4)), prefix: "phi")
        }
    }

    @Test("is refused with the rule that it breaks")
    func refused() throws {
        let name = MeetingName.encode(Self.meeting, prefix: "phi")
        let wrong = name.dropLast() + (name.hasSuffix("q") ? "p" : "q")
        let short = Bech32m.encode(prefix: "phi", [1, 2, 3])
        let long = "phi:" + name + "#" + String(repeating: "A", count: 1_024)
        let cases: [(String, LinkFailure)] = [
            (long, .tooLong(limit: 1_024, found: long.utf8.count)),
            ("phi:" + name + " ", .forbiddenCharacter),
            ("phi:\u{e9}", .forbiddenCharacter),
            ("ftp://a/m/" + name, .unknownScheme),
            ("", .unknownScheme),
            ("https:///m/" + name, .noHost),
            ("https://a", .noHost),
            ("https://a/x/" + name, .otherPath),
            ("https://a/m/" + name + "?s=1", .otherPath),
            ("https://a/m/" + name + "/", .otherPath),
            ("phi:" + wrong, .name(.checksum)),
            ("phi:" + short, .nameLength(expected: 32, found: 3)),
            ("phi:" + name + "#A", .fragmentNotBase64),
            ("phi:" + name + "#AQ==", .fragmentNotBase64),
            ("phi:" + name + "#AQB", .fragmentNotBase64),
        ]
        for (text, failure) in cases {
            #expect(throws: failure) { try MeetingLink(text, prefix: "phi") }
        }
    }

    @Test("is refused when its fragment is not the one of a link")
    func fragment() throws {
        let name = "phi:" + MeetingName.encode(Self.meeting, prefix: "phi") + "#"
        let whole = try required(
            Base64Text.url.decode(
                try required(Self.link(secret: true, peers: 2).text.split(separator: "#").last).utf8
            )
        )
        var broken = whole.indices.map { Array(whole[..<$0]) } + [whole + [0]]
        for (place, value) in [(0, UInt8(0)), (0, 2), (1, 0), (1, 2), (1, 3), (34, 1), (34, 5)] {
            var bytes = whole
            bytes[place] = value
            broken.append(bytes)
        }
        for bytes in broken {
            do {
                _ = try MeetingLink(name + Base64Text.url.encode(bytes), prefix: "phi")
                Issue.record("\(bytes.count) bytes are accepted")
            } catch let failure {
                #expect(caseName(failure) == "fragment")
            }
        }
    }

    @Test("can be replaced by the id alone")
    func reference() throws {
        let name = MeetingName.encode(Self.meeting, prefix: "phi")
        for text in [Self.meeting.hex, name] {
            let reference = try MeetingReference(text, prefix: "phi")
            #expect(reference == .id(Self.meeting))
            #expect(reference.meeting == Self.meeting)
            #expect(reference.secret == nil)
        }
        #expect(throws: LinkFailure.self) {
            try MeetingReference(Self.meeting.hex.uppercased(), prefix: "phi")
        }
    }
}

@Suite("Base64") struct Base64TextTests {
    @Test("comes back from every length", arguments: 0...9)
    func roundTrip(count: Int) throws {
        let bytes = Laboratory.bytes(count, count: count)
        for form in [Base64Text.padded, .url] {
            #expect(form.decode(form.encode(bytes).utf8) == bytes)
        }
    }

    @Test(
        "is refused in any but its one form",
        arguments: [
            "=", "==", "A", "AA", "AAA", "AA=", "AB==", "AAB=", "A===", "AA==A", "AA==AAAA",
        ]
    )
    func oneForm(text: String) {
        #expect(Base64Text.padded.decode(text.utf8) == nil)
    }
}
