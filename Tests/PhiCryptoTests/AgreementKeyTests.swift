import PhiCrypto
import Testing

@Suite("An agreement key") struct AgreementKeyTests {
    @Test(
        "multiplies as RFC 7748 publishes",
        arguments: [
            (
                "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
            ),
            (
                "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
                "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
            ),
            (
                "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
                "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
                "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
            ),
        ]
    )
    func published(scalar: String, point: String, product: String) throws {
        let key = try AgreementKey(seed: bytes(scalar))
        let other = try #require(AgreementPublicKey(hex: point))
        let secret = try key.sharedSecret(with: other).exposed()
        #expect(secret == bytes(product))
    }

    @Test("agrees with the other side")
    func agreement() throws {
        let one = try AgreementKey(seed: (0..<32).map { UInt8($0) })
        let two = try AgreementKey(seed: (100..<132).map { UInt8($0) })
        let (oneKey, twoKey) = (one.publicKey, two.publicKey)
        let first = try one.sharedSecret(with: twoKey).exposed()
        let second = try two.sharedSecret(with: oneKey).exposed()
        #expect(first == second)
        #expect(oneKey != twoKey)
        let third = try one.sharedSecret(with: oneKey).exposed()
        #expect(third != first)
    }

    @Test("has the public half of the base point")
    func publicHalf() throws {
        let key = try AgreementKey(
            seed: bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
        )
        let base = try #require(AgreementPublicKey([9] + [UInt8](repeating: 0, count: 31)))
        let (publicKey, product) = (key.publicKey, try key.sharedSecret(with: base).exposed())
        #expect(publicKey.hex == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        #expect(publicKey.bytes == product)
    }

    @Test(
        "refuses a point of low order",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ],
        [UInt8(0), 0x80]
    )
    func lowOrder(point: String, top: UInt8) throws {
        var encoded = bytes(point)
        encoded[31] |= top
        let other = AgreementPublicKey(reading: encoded, at: 0)
        #expect(throws: CryptoFailure.lowOrderPoint) {
            let key = try AgreementKey(seed: .init(repeating: 5, count: 32))
            _ = try key.sharedSecret(with: other)
        }
    }

    @Test("is refused from a seed that is not of 32 bytes", arguments: [0, 31, 33])
    func seedLength(count: Int) {
        #expect(throws: CryptoFailure.wrongLength(required: 32, found: count)) {
            _ = try AgreementKey(seed: [UInt8](repeating: 1, count: count))
        }
    }
}
