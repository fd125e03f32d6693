import PhiCrypto
import Testing

/// Either cipher, so that one test can serve both.
enum Cipher: CaseIterable {
    case aes
    case chaCha

    func seal(
        _ text: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        authenticating associated: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        switch self {
        case .aes:
            try AESGCM.seal(text, key: key, nonce: nonce, authenticating: associated)
        case .chaCha:
            try ChaChaPoly.seal(text, key: key, nonce: nonce, authenticating: associated)
        }
    }

    func open(
        _ sealed: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        authenticating associated: [UInt8]
    ) throws(CryptoFailure) -> [UInt8] {
        switch self {
        case .aes:
            try AESGCM.open(sealed, key: key, nonce: nonce, authenticating: associated)
        case .chaCha:
            try ChaChaPoly.open(sealed, key: key, nonce: nonce, authenticating: associated)
        }
    }
}

@Suite("A sealed text") struct SealingTests {
    private let key = (0..<32).map { UInt8($0) }
    private let nonce = (50..<62).map { UInt8($0) }
    private let associated = ascii("who and when")

    @Test(
        "of AES-GCM is the published one",
        arguments: [
            (
                String(repeating: "00", count: 32), String(repeating: "00", count: 12), "", "",
                "530f8afbc74536b9a963b4f1c4cb738b"
            ),
            (
                String(repeating: "00", count: 32), String(repeating: "00", count: 12),
                String(repeating: "00", count: 16), "",
                "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
            ),
            (
                "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                "cafebabefacedbaddecaf888",
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                    + "76fc6ece0f4e1768cddf8853bb2d551b"
            ),
        ]
    )
    func advancedEncryptionStandard(
        key: String,
        nonce: String,
        text: String,
        associated: String,
        sealed: String
    ) throws {
        let found = try AESGCM.seal(
            bytes(text),
            key: bytes(key),
            nonce: bytes(nonce),
            authenticating: bytes(associated)
        )
        #expect(found == bytes(sealed))
    }

    @Test("of ChaCha20-Poly1305 is that of RFC 8439")
    func chaCha() throws {
        let found = try ChaChaPoly.seal(
            ascii(
                "Ladies and Gentlemen of the class of '99: If I could offer you only one tip "
                    + "for the future, sunscreen would be it."
            ),
            key: (0x80...0x9f).map { UInt8($0) },
            nonce: bytes("070000004041424344454647"),
            authenticating: bytes("50515253c0c1c2c3c4c5c6c7")
        )
        #expect(
            found
                == bytes(
                    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                        + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                        + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                        + "3ff4def08e4b7a9de576d26586cec64b6116"
                        + "1ae10b594f09e26a7e902ecbd0600691"
                )
        )
    }

    @Test(
        "opens to what was sealed",
        arguments: Cipher.allCases,
        [0, 1, 15, 16, 17, 63, 64, 65, 100_000]
    )
    func roundTrip(cipher: Cipher, count: Int) throws {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for associated in [[], associated] {
            let sealed = try cipher.seal(
                text,
                key: key,
                nonce: nonce,
                authenticating: associated
            )
            #expect(sealed.count == count + 16)
            let opened = try cipher.open(
                sealed,
                key: key,
                nonce: nonce,
                authenticating: associated
            )
            #expect(opened == text)
        }
    }

    @Test("is the same under a key that lies open and one that does not")
    func secretKey() throws {
        let secret = SecretBytes(copying: key)
        let text: [UInt8] = [1, 2, 3]
        let first = try AESGCM.seal(text, key: secret, nonce: nonce, authenticating: [])
        let second = try ChaChaPoly.seal(text, key: secret, nonce: nonce, authenticating: [])
        let firstOpened = try AESGCM.open(first, key: secret, nonce: nonce, authenticating: [])
        let secondOpened = try ChaChaPoly.open(
            second,
            key: secret,
            nonce: nonce,
            authenticating: []
        )
        #expect(try first == AESGCM.seal(text, key: key, nonce: nonce, authenticating: []))
        #expect(try second == ChaChaPoly.seal(text, key: key, nonce: nonce, authenticating: []))
        #expect(firstOpened == text)
        #expect(secondOpened == text)
    }

    @Test("does not open when any byte differs", arguments: Cipher.allCases, 0..<36)
    func altered(cipher: Cipher, index: Int) throws {
        var sealed = try cipher.seal(
            [UInt8](repeating: 9, count: 20),
            key: key,
            nonce: nonce,
            authenticating: associated
        )
        sealed[index] ^= 1
        #expect(throws: CryptoFailure.notAuthentic) {
            try cipher.open(sealed, key: key, nonce: nonce, authenticating: associated)
        }
    }

    @Test("does not open when it ends early", arguments: Cipher.allCases, 0..<36)
    func truncated(cipher: Cipher, count: Int) throws {
        let sealed = try cipher.seal(
            [UInt8](repeating: 9, count: 20),
            key: key,
            nonce: nonce,
            authenticating: associated
        )
        #expect(throws: CryptoFailure.notAuthentic) {
            try cipher.open(
                Array(sealed[..<count]),
                key: key,
                nonce: nonce,
                authenticating: associated
            )
        }
    }

    @Test("does not open with another key, nonce or associated bytes", arguments: Cipher.allCases)
    func otherInputs(cipher: Cipher) throws {
        let sealed = try cipher.seal([1], key: key, nonce: nonce, authenticating: associated)
        let others = [
            (Array(key.reversed()), nonce, associated),
            (key, Array(nonce.reversed()), associated),
            (key, nonce, associated + [0]),
            (key, nonce, []),
        ]
        for (otherKey, otherNonce, otherAssociated) in others {
            #expect(throws: CryptoFailure.notAuthentic) {
                try cipher.open(
                    sealed,
                    key: otherKey,
                    nonce: otherNonce,
                    authenticating: otherAssociated
                )
            }
        }
    }

    @Test("needs a key of 32 bytes", arguments: Cipher.allCases, [0, 16, 31, 33])
    func keyLength(cipher: Cipher, count: Int) {
        let key = [UInt8](repeating: 1, count: count)
        let failure = CryptoFailure.wrongLength(required: 32, found: count)
        #expect(throws: failure) {
            try cipher.seal([], key: key, nonce: nonce, authenticating: [])
        }
        #expect(throws: failure) {
            try cipher.open(
                .init(repeating: 0, count: 16),
                key: key,
                nonce: nonce,
                authenticating: []
            )
        }
    }

    @Test("needs a nonce of 12 bytes", arguments: Cipher.allCases, [0, 11, 13, 16])
    func nonceLength(cipher: Cipher, count: Int) {
        let nonce = [UInt8](repeating: 1, count: count)
        let failure = CryptoFailure.wrongLength(required: 12, found: count)
        #expect(throws: failure) {
            try cipher.seal([], key: key, nonce: nonce, authenticating: [])
        }
        #expect(throws: failure) {
            try cipher.open(
                .init(repeating: 0, count: 16),
                key: key,
                nonce: nonce,
                authenticating: []
            )
        }
    }
}
