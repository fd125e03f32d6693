import PhiCrypto
import Testing

@Suite("A derived key") struct KeyDerivationTests {
    private static let counting = (0..<256).map { UInt8($0) }

    @Test("of HKDF is that of RFC 5869, example 1")
    func first() throws {
        let key = try KeyDerivation.hkdf(
            secret: [UInt8](repeating: 0x0b, count: 22),
            salt: Array(Self.counting[0...12]),
            info: Array(Self.counting[0xf0...0xf9])
        )
        #expect(
            key == bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")
        )
    }

    @Test("of HKDF is that of RFC 5869, example 2, whose inputs are longer than a block")
    func second() throws {
        let key = try KeyDerivation.hkdf(
            secret: Array(Self.counting[0x00...0x4f]),
            salt: Array(Self.counting[0x60...0xaf]),
            info: Array(Self.counting[0xb0...0xff])
        )
        #expect(
            key == bytes("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c")
        )
    }

    @Test("of HKDF is that of RFC 5869, example 3, without salt and info")
    func third() throws {
        let key = try KeyDerivation.hkdf(
            secret: SecretBytes(copying: [UInt8](repeating: 0x0b, count: 22)),
            salt: [],
            info: []
        ).exposed()
        #expect(
            key == bytes("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        )
    }

    @Test("of HKDF exists for an empty secret")
    func emptySecret() throws {
        let key = try KeyDerivation.hkdf(secret: [], salt: [], info: [])
        #expect(
            key == bytes("eb70f01dede9afafa449eee1b1286504e1f62388b3f7dd4f956697b0e828fe18")
        )
    }

    @Test(
        "of scrypt is that of RFC 7914",
        arguments: [
            (
                "", "", 4, 1, 1,
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            ),
            (
                "password", "NaCl", 10, 8, 16,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            ),
            (
                "pleaseletmein", "SodiumChloride", 14, 8, 1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            ),
        ] as [(String, String, Int, Int, Int, String)]
    )
    func scrypt(
        passphrase: String,
        salt: String,
        logCost: Int,
        blockSize: Int,
        parallelism: Int,
        expected: String
    ) throws {
        let key = try KeyDerivation.scrypt(
            passphrase: ascii(passphrase),
            salt: ascii(salt),
            logCost: logCost,
            blockSize: blockSize,
            parallelism: parallelism
        ).exposed()
        #expect(key == bytes(expected))
    }

    @Test(
        "of scrypt is refused where a cost is outside of its bounds",
        arguments: [
            (0, 8, 1, .costOutOfBounds(parameter: .logCost, limit: 24, found: 0)),
            (-1, 8, 1, .costOutOfBounds(parameter: .logCost, limit: 24, found: -1)),
            (25, 8, 1, .costOutOfBounds(parameter: .logCost, limit: 24, found: 25)),
            (.max, 8, 1, .costOutOfBounds(parameter: .logCost, limit: 24, found: .max)),
            (16, 1, 1, .costOutOfBounds(parameter: .logCost, limit: 15, found: 16)),
            (4, 0, 1, .costOutOfBounds(parameter: .blockSize, limit: 64, found: 0)),
            (4, 65, 1, .costOutOfBounds(parameter: .blockSize, limit: 64, found: 65)),
            (4, .max, 1, .costOutOfBounds(parameter: .blockSize, limit: 64, found: .max)),
            (4, 8, 0, .costOutOfBounds(parameter: .parallelism, limit: 64, found: 0)),
            (4, 8, 65, .costOutOfBounds(parameter: .parallelism, limit: 64, found: 65)),
            (20, 8, 1, .tooMuchMemory(limit: 1 << 30, found: (1 << 30) + 3072)),
            (24, 64, 64, .tooMuchMemory(limit: 1 << 30, found: 137_439_494_144)),
        ] as [(Int, Int, Int, CryptoFailure)]
    )
    func scryptBounds(
        logCost: Int,
        blockSize: Int,
        parallelism: Int,
        failure: CryptoFailure
    ) {
        #expect(throws: failure) {
            _ = try KeyDerivation.scrypt(
                passphrase: [1],
                salt: [2],
                logCost: logCost,
                blockSize: blockSize,
                parallelism: parallelism
            )
        }
    }

    @Test(
        "of scrypt exists at the lowest and at narrow costs",
        arguments: [(1, 1), (15, 1), (1, 64)]
    )
    func scryptExtremes(logCost: Int, blockSize: Int) throws {
        let key = try KeyDerivation.scrypt(
            passphrase: [],
            salt: [],
            logCost: logCost,
            blockSize: blockSize,
            parallelism: 64
        ).exposed()
        #expect(key.count == 32)
    }
}

@Suite("Secret bytes") struct SecretBytesTests {
    @Test("lend, copy and expose what they were made from", arguments: [0, 1, 32, 100])
    func roundTrip(count: Int) {
        let source = (0..<count).map { UInt8($0) }
        let secret = SecretBytes(copying: source)
        let copied = secret.copy()
        let (length, exposed, again) = (secret.count, secret.exposed(), copied.exposed())
        #expect(length == count)
        #expect(exposed == source)
        #expect(again == source)
        let lent = secret.withBytes { span in span.indices.map { span[$0] } }
        #expect(lent == source)
    }

    @Test("pass on the error of the function that they were lent to")
    func errors() {
        #expect(throws: CryptoFailure.libraryFailed) {
            let secret = SecretBytes(copying: [1])
            try secret.withBytes { _ throws(CryptoFailure) in throw .libraryFailed }
        }
    }
}
