import NIOSSL
import PhiCrypto
import Testing

@testable import PhiTransport

@Suite("A transport identity") struct TransportIdentityTests {
    private let seed = [UInt8](repeating: 7, count: 32)

    private func certificate(of key: [UInt8]) throws -> NIOSSLCertificate {
        let encoded = DistinguishedEncoding.certificate(
            body: DistinguishedEncoding.certificateBody(publicKey: key),
            signature: [UInt8](repeating: 0, count: 64)
        )
        return try NIOSSLCertificate(bytes: encoded, format: .der)
    }

    private func judge(expecting key: VerifyingKey? = nil) throws -> PeerJudge {
        PeerJudge(own: try TestNode.identity(1).verifyingKey, expected: key)
    }

    @Test("is the same certificate each time, signed by its own key")
    func certificate() throws {
        let encoded = try TransportIdentity.certificate(seed: seed)
        #expect(try TransportIdentity.certificate(seed: seed) == encoded)
        let key = try SigningKey(seed: seed).verifyingKey
        let body = DistinguishedEncoding.certificateBody(publicKey: key.bytes)
        let signature = try #require(Signature(encoded.suffix(64)))
        #expect(key.isValid(signature, of: body))
        #expect(try judge().judge([NIOSSLCertificate(bytes: encoded, format: .der)]) == key)
    }

    @Test("is refused for a seed of another length", arguments: [0, 31, 33])
    func seedLength(count: Int) {
        #expect(throws: (any Error).self) {
            try TransportIdentity(seed: [UInt8](repeating: 1, count: count))
        }
    }

    @Test("is refused by a peer unless it comes in exactly one certificate", arguments: [0, 2])
    func certificateCount(count: Int) throws {
        let one = try HostilePeer.certificate(2).certificate
        let judge = try judge()
        #expect(throws: HandshakeFailure.certificateCount(count)) {
            try judge.judge(Array(repeating: one, count: count))
        }
    }

    @Test("is refused by a peer when its key proves nothing", arguments: [0, 1] as [UInt8])
    func weakKey(first: UInt8) throws {
        let weak = try certificate(of: [first] + [UInt8](repeating: 0, count: 31))
        let judge = try judge()
        #expect(throws: HandshakeFailure.weakKey) { try judge.judge([weak]) }
    }

    @Test("is refused by a peer when it is the peer's own or not the one expected")
    func wrongKey() throws {
        let own = try HostilePeer.certificate(1).certificate
        let anyone = try judge()
        #expect(throws: HandshakeFailure.ourselves) { try anyone.judge([own]) }
        let other = try HostilePeer.certificate(2).certificate
        let found = try TestNode.identity(2).verifyingKey
        let particular = try judge(expecting: TestNode.identity(3).verifyingKey)
        #expect(throws: HandshakeFailure.unexpectedKey(found: found)) {
            try particular.judge([other])
        }
        #expect(try judge(expecting: found).judge([other]) == found)
    }

    @Test("is refused by a peer when it is not of Ed25519")
    func otherAlgorithm() throws {
        let judge = try judge()
        let other = try NIOSSLCertificate(
            bytes: Array(ForeignIdentity.certificate.utf8),
            format: .pem
        )
        #expect(throws: HandshakeFailure.notEd25519) { try judge.judge([other]) }
    }
}
