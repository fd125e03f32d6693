import Foundation
import PhiCrypto
import Testing

/// Each runs in a process of its own, whose libcrypto starts without any algorithm.
@Suite("A libcrypto without its algorithms") struct LibraryFailureTests {
    /// A configuration that names only the provider that has nothing keeps the default one away.
    private static let configuration = """
        openssl_conf = start
        [start]
        providers = providers
        [providers]
        null = null
        [null]
        activate = 1

        """

    /// How a process ends that Swift stops; a test that fails in it ends otherwise.
    private static var trap: CInt {
        #if arch(arm64)
            SIGTRAP
        #else
            SIGILL
        #endif
    }

    /// Has libcrypto start so; it reads its configuration once, when it is used for the first time.
    private static func takeAlgorithmsAway() throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "phi-libcrypto-\(UUID().uuidString).cnf")
        try Data(configuration.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        unsafe setenv("OPENSSL_CONF", file.path, 1)
        // Anything that asks for an algorithm makes it read.
        #expect(throws: CryptoFailure.libraryFailed) {
            try KeyDerivation.hkdf(secret: [1], salt: [], info: [])
        }
    }

    @Test("is an error for whoever can do without") func errors() async {
        await #expect(processExitsWith: .success) {
            try Self.takeAlgorithmsAway()
            #expect(throws: CryptoFailure.libraryFailed) {
                _ = try SipHash(key: [UInt8](repeating: 1, count: SipHash.keyByteCount))
            }
            #expect(throws: CryptoFailure.libraryFailed) {
                _ = try KeyDerivation.scrypt(
                    passphrase: [1],
                    salt: [2],
                    logCost: 1,
                    blockSize: 1,
                    parallelism: 1
                )
            }
            #expect(throws: CryptoFailure.libraryFailed) {
                _ = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
            }
        }
    }

    @Test("ends the process that judges a signature, so that it never judges unlike others")
    func signatures() async throws {
        let ending = await #expect(
            processExitsWith: .signal(Self.trap),
            observing: [\.standardErrorContent]
        ) {
            do {
                try Self.takeAlgorithmsAway()
                try Self.judge()
            } catch {
                // An error that nobody catches would be the same signal.
                exit(EXIT_FAILURE)
            }
        }
        let said = String(decoding: try #require(ending).standardErrorContent, as: UTF8.self)
        // A program for use says nothing when it is stopped.
        #if DEBUG
            #expect(said.contains("libcrypto takes Ed25519 keys"))
        #else
            #expect(!said.contains("Error raised"))
        #endif
    }

    /// Judges a signature that is right: RFC 8032, 7.1, test 1.
    private static func judge() throws {
        let author = try #require(
            VerifyingKey(hex: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        )
        let signature = try #require(
            Signature(
                hex: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                    + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            )
        )
        try author.check(signature, of: [])
    }
}
