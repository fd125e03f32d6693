import PhiCrypto
import PhiLedger
import Testing

@testable import PhiMeetings

@Suite("A sealed content") struct SealedContentTests {
    static let place = MessagePlace(
        meeting: Digest(reading: Laboratory.bytes(1), at: 0),
        author: VerifyingKey(reading: Laboratory.bytes(2), at: 0),
        sequence: 5
    )
    static let other = Digest(reading: Laboratory.bytes(3), at: 0)

    static func contents() throws -> [MessageContent] {
        let cross = try Profile.CrossSignature(
            signing: place.author,
            meeting: place.meeting,
            with: Laboratory.key(4)
        )
        return [
            .text(""), .text("hello"), .text(String(repeating: "\u{1f642}", count: 2_000)),
            .reply(to: other, "yes"), .reaction(to: other, "\u{1f44d}"),
            .correction(of: other, "no"), .filePart([]), .filePart([0, 0x80, 0]),
            .profile(Profile(name: "")), .profile(Profile(name: "Ada", crossSignature: cross)),
        ]
    }

    @Test("opens to what was sealed, for every type")
    func roundTrip() throws {
        let epoch = EpochSecret(number: 3, secret: try Laboratory.secret(1))
        for content in try Self.contents() {
            let sealed = try SealedContent(
                sealing: content,
                salt: Laboratory.salt(1),
                in: epoch,
                at: Self.place
            )
            let read = try SealedContent(decoding: sealed.encoded)
            #expect(read == sealed)
            #expect(read.epoch == 3)
            #expect(try read.open(with: epoch.secret, at: Self.place) == content)
            let payload = try PublicContent.payload(of: content, salt: Laboratory.salt(1))
            #expect(try PublicContent.content(of: payload) == content)
        }
    }

    @Test("does not open with another secret, salt or place, or once it was changed")
    func wrong() throws {
        let secret = try Laboratory.secret(1)
        let sealed = try SealedContent(
            sealing: .text("hello"),
            salt: Laboratory.salt(1),
            in: EpochSecret(number: 0, secret: secret),
            at: Self.place
        )
        let broken = SealingFailure.crypto(.notAuthentic)
        let stranger = try Laboratory.secret(2)
        #expect(throws: broken) { try sealed.open(with: stranger, at: Self.place) }
        let places = [
            MessagePlace(meeting: Self.other, author: Self.place.author, sequence: 5),
            MessagePlace(
                meeting: Self.place.meeting,
                author: VerifyingKey(reading: Laboratory.bytes(9), at: 0),
                sequence: 5
            ),
            MessagePlace(
                meeting: Self.place.meeting,
                author: Self.place.author,
                sequence: 6
            ),
        ]
        for place in places {
            #expect(throws: broken) { try sealed.open(with: secret, at: place) }
        }
        for index in sealed.encoded.indices where index != 16 && index != 17 {
            var bytes = sealed.encoded
            bytes[index] ^= 1
            let changed = try SealedContent(decoding: bytes)
            #expect(throws: broken) { try changed.open(with: secret, at: Self.place) }
        }
    }

    @Test("is refused when it ends early")
    func truncated() {
        for count in 0...SealedContent.overhead {
            let limit = SealedContent.overhead + 1
            #expect(throws: SealingFailure.tooShort(limit: limit, found: count)) {
                try SealedContent(decoding: [UInt8](repeating: 0, count: count))
            }
        }
    }

    @Test(
        "is refused when its padding is not the one of the format",
        arguments: [
            [1, 0x41], [1, 0x41, 0x80, 0, 0], [1, 0x41, 0x80, 1], [0, 0], [1, 0x41, 0x80, 0, 0, 0],
            [1, 0x41, 0x42, 0x43, 0x80, 0, 0],
        ] as [[UInt8]]
    )
    func padding(padded: [UInt8]) throws {
        let secret = try Laboratory.secret(1)
        let salt = Laboratory.salt(1)
        let key = try KeyDerivation.hkdf(
            secret: secret.readKey(),
            salt: salt,
            info: Label.message + Self.place.bytes
        )
        let sealed = try AESGCM.seal(
            padded,
            key: key,
            nonce: Label.nonce,
            authenticating: Self.place.bytes
        )
        let content = try SealedContent(decoding: salt + [0, 0] + sealed)
        #expect(throws: SealingFailure.padding) {
            try content.open(with: secret, at: Self.place)
        }
    }

    @Test("is unreadable when what was sealed is no content")
    func unreadable() throws {
        let id = [UInt8](repeating: 1, count: 32)
        let cases: [([UInt8], String)] = [
            ([], "layout"), ([0], "unknownType"), ([8, 1], "unknownType"), ([1, 0xff], "notUTF8"),
            ([1, 0xc0, 0x80], "notUTF8"), ([2] + id.dropLast(), "layout"),
            ([3] + id + [UInt8](repeating: 0x41, count: 33), "reactionTooLong"),
            ([4], "layout"), ([6], "layout"),
            ([6, 65] + [UInt8](repeating: 65, count: 65), "layout"),
            ([6, 1, 0xff], "notUTF8"), ([6, 1, 0x41, 0], "layout"),
            ([6, 0] + [UInt8](repeating: 1, count: 97), "layout"),
            ([7, 0, 0] + [UInt8](repeating: 0, count: 50), "layout"),
            ([7, 1, 0] + [UInt8](repeating: 0, count: 48) + [1, 0], "layout"),
            ([7, 1, 0] + [UInt8](repeating: 0, count: 48) + [1, 1], "layout"),
        ]
        for (bytes, rule) in cases {
            do {
                _ = try MessageContent(decoding: bytes)
                Issue.record("\(bytes) is accepted")
            } catch let failure {
                #expect(caseName(failure) == rule)
            }
        }
    }

    @Test("refuses to be made too long")
    func limits() throws {
        let long = String(repeating: "a", count: 33)
        #expect(throws: ContentFailure.reactionTooLong(limit: 32, found: 33)) {
            try MessageContent.reaction(to: Self.other, long).encoded()
        }
        let name = String(repeating: "a", count: 65)
        #expect(throws: ContentFailure.nameTooLong(limit: 64, found: 65)) {
            try MessageContent.profile(Profile(name: name)).encoded()
        }
    }

    @Test("can carry a profile whose identity others can check")
    func crossSignature() throws {
        let identity = try Laboratory.key(4)
        let cross = try Profile.CrossSignature(
            signing: Self.place.author,
            meeting: Self.place.meeting,
            with: identity
        )
        #expect(cross.identity == identity.verifyingKey)
        #expect(cross.isValid(author: Self.place.author, meeting: Self.place.meeting))
        #expect(!cross.isValid(author: Self.place.author, meeting: Self.other))
        #expect(!cross.isValid(author: identity.verifyingKey, meeting: Self.place.meeting))
    }
}

@Suite("A padded length") struct PadmeTests {
    /// The published formula, with its logarithms counted.
    static func published(_ length: Int) -> Int {
        var exponent = 0
        while 1 << (exponent + 1) <= length { exponent += 1 }
        var kept = 1
        while 1 << kept <= exponent { kept += 1 }
        let unit = 1 << max(0, exponent - kept)
        return (length + unit - 1) / unit * unit
    }

    @Test("is the one of the published formula")
    func formula() {
        for length in 2...40_000 { #expect(Padme.length(for: length) == Self.published(length)) }
        let known = [(1, 1), (2, 2), (8, 8), (9, 10), (17, 18), (100, 104), (240, 240), (241, 256)]
        for (length, padded) in known { #expect(Padme.length(for: length) == padded) }
    }

    @Test("gives its content back, whatever that ends in", arguments: 0...130)
    func roundTrip(count: Int) {
        for byte in [UInt8(0), 0x80, 1] {
            let content = [UInt8](repeating: byte, count: count)
            #expect(Padme.unpadded(Padme.padded(content)) == content)
        }
    }
}
