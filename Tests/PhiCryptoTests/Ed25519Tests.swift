import PhiCrypto
import Testing

/// One of the published examples of RFC 8032.
struct PublishedSignature: Sendable {
    let seed: String
    let key: String
    let message: String
    let signature: String
}

let publishedSignatures = [
    PublishedSignature(
        seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        message: "",
        signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    PublishedSignature(
        seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        message: "72",
        signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    PublishedSignature(
        seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        message: "af82",
        signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
]

@Suite("A signing key") struct SigningKeyTests {
    @Test("signs as RFC 8032 publishes", arguments: publishedSignatures)
    func published(example: PublishedSignature) throws {
        let key = try SigningKey(seed: bytes(example.seed))
        let verifyingKey = key.verifyingKey
        let signature = try key.sign(bytes(example.message))
        #expect(verifyingKey.hex == example.key)
        #expect(signature.hex == example.signature)
        try verifyingKey.check(signature, of: bytes(example.message))
    }

    @Test("is refused from a seed that is not of 32 bytes", arguments: [0, 31, 33, 64])
    func seedLength(count: Int) {
        #expect(throws: CryptoFailure.wrongLength(required: 32, found: count)) {
            _ = try SigningKey(seed: [UInt8](repeating: 1, count: count))
        }
    }

    @Test("signs as often as asked, for many keys in turn")
    func manyKeys() throws {
        let one = try SigningKey(seed: .init(repeating: 1, count: 32))
        let two = try SigningKey(seed: .init(repeating: 2, count: 32))
        for round in UInt8(0)..<20 {
            let message = [UInt8](repeating: round, count: 300)
            let (first, second) = (try one.sign(message), try two.sign(message))
            let (firstKey, secondKey) = (one.verifyingKey, two.verifyingKey)
            #expect(firstKey.isValid(first, of: message))
            #expect(secondKey.isValid(second, of: message))
            #expect(!firstKey.isValid(second, of: message))
            #expect(!secondKey.isValid(first, of: message))
        }
    }
}

@Suite("A signature") struct SignatureCheckTests {
    private let message = ascii("a message")

    private func example() throws -> (VerifyingKey, Signature) {
        let key = try SigningKey(seed: .init(repeating: 3, count: 32))
        return (key.verifyingKey, try key.sign(message))
    }

    @Test("is 64 bytes, and is written as their 128 digits") func text() throws {
        let (_, signature) = try example()
        let digits = signature.bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        #expect(signature.description == digits.joined())
        #expect(Signature(hex: signature.hex) == signature)
        #expect(Signature(hex: signature.hex.dropLast()) == nil)
        #expect(Signature(signature.bytes) == signature)
        #expect(Signature(signature.bytes.dropLast()) == nil)
        #expect(Signature(signature.bytes + [0]) == nil)
    }

    @Test("is refused when any bit of it differs", arguments: 0..<512)
    func alteredSignature(bit: Int) throws {
        let (key, signature) = try example()
        var altered = signature.bytes
        altered[bit / 8] ^= 1 << (bit % 8)
        #expect(!key.isValid(Signature(reading: altered, at: 0), of: message))
    }

    @Test("is refused when any bit of the key differs", arguments: 0..<256)
    func alteredKey(bit: Int) throws {
        let (key, signature) = try example()
        var altered = key.bytes
        altered[bit / 8] ^= 1 << (bit % 8)
        #expect(!VerifyingKey(reading: altered, at: 0).isValid(signature, of: message))
    }

    @Test("is refused for any other message")
    func alteredMessage() throws {
        let (key, signature) = try example()
        for other in [[], message + [0], Array(message.dropLast()), ascii("A message")] {
            #expect(throws: SignatureFailure.mismatch) { try key.check(signature, of: other) }
        }
        try key.check(signature, of: message)
    }

    @Test("is refused when the group's order is added to its scalar")
    func malleability() throws {
        let (key, signature) = try example()
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var altered = signature.bytes
        var carry = 0
        for index in 0..<32 {
            carry += Int(altered[32 + index]) + Int(order[index])
            altered[32 + index] = UInt8(carry & 0xff)
            carry >>= 8
        }
        #expect(throws: SignatureFailure.unreducedScalar) {
            try key.check(Signature(reading: altered, at: 0), of: message)
        }
    }

    @Test(
        "has a scalar below the group's order",
        arguments: [
            ("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", false),
            ("ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", true),
            ("eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", false),
            ("ffffffffffffffffd59cf7a2def9de1400000000000000000000000000000010", true),
            ("0000000000000000d79cf7a2def9de1400000000000000000000000000000010", false),
            ("0000000000000000000000000000000001000000000000000000000000000010", false),
            ("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0f", true),
            ("0000000000000000000000000000000000000000000000000000000000000011", false),
            ("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false),
            ("0000000000000000000000000000000000000000000000000000000000000000", true),
        ]
    )
    func scalarBound(scalar: String, isReduced: Bool) throws {
        let (key, signature) = try example()
        let altered = Signature(reading: signature.bytes[..<32] + bytes(scalar), at: 0)
        #expect(throws: isReduced ? SignatureFailure.mismatch : .unreducedScalar) {
            try key.check(altered, of: message)
        }
    }

    @Test(
        "needs points whose y is below the prime",
        arguments: ["7f", "ff"],
        [UInt8](0xe9...0xff)
    )
    func canonicalPoints(top: String, lowest: UInt8) throws {
        let (key, signature) = try example()
        let point = [lowest] + [UInt8](repeating: 0xff, count: 30) + bytes(top)
        let isCanonical = lowest < 0xed
        // y = −1 is canonical and of small order.
        let keyFailure: SignatureFailure =
            !isCanonical ? .nonCanonicalKey : lowest == 0xec ? .smallOrderKey : .mismatch
        #expect(throws: keyFailure) {
            try VerifyingKey(reading: point, at: 0).check(signature, of: message)
        }
        let nonceFailure: SignatureFailure =
            !isCanonical ? .nonCanonicalNonce : lowest == 0xec ? .smallOrderNonce : .mismatch
        #expect(throws: nonceFailure) {
            try key.check(Signature(reading: point + signature.bytes[32...], at: 0), of: message)
        }
    }

    @Test(
        "needs points that are not of small order",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        ]
    )
    func smallOrder(point: String) throws {
        let (key, signature) = try example()
        #expect(throws: SignatureFailure.smallOrderKey) {
            try VerifyingKey(reading: bytes(point), at: 0).check(signature, of: message)
        }
        #expect(throws: SignatureFailure.smallOrderNonce) {
            try key.check(
                Signature(reading: bytes(point) + signature.bytes[32...], at: 0),
                of: message
            )
        }
        // A neighbor of the point is judged by the equation.
        for index in [0, 8, 16, 24] {
            var neighbor = bytes(point)
            neighbor[index] ^= 2
            guard neighbor[0] < 0xed else { continue }
            #expect(throws: SignatureFailure.mismatch) {
                try VerifyingKey(reading: neighbor, at: 0).check(signature, of: message)
            }
        }
    }

    @Test("by the neutral point would fit every message, and is refused")
    func neutralPoint() throws {
        let neutral = [1] + [UInt8](repeating: 0, count: 31)
        let signature = Signature(reading: neutral + [UInt8](repeating: 0, count: 32), at: 0)
        #expect(throws: SignatureFailure.smallOrderKey) {
            try VerifyingKey(reading: neutral, at: 0).check(signature, of: message)
        }
    }

    @Test("is judged alike on many threads")
    func threads() async throws {
        let (key, signature) = try example()
        let message = message
        let other = Signature(reading: signature.bytes.reversed(), at: 0)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<50).allSatisfy { _ in
                        key.isValid(signature, of: message) && !key.isValid(other, of: message)
                    }
                }
            }
            for await verdict in group {
                #expect(verdict)
            }
        }
    }
}
