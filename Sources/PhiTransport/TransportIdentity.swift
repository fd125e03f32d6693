import NIOCore
package import NIOSSL
public import PhiCrypto

/// The key by which other nodes know this one, with the certificate that carries it into TLS.
public struct TransportIdentity: Sendable {
    /// The name of the protocol in the TLS handshake.
    static let applicationProtocol = "phi/1"

    /// The node's public key.
    public let verifyingKey: VerifyingKey

    /// The TLS settings of an accepted connection.
    package let serverContext: NIOSSLContext
    /// The TLS settings of a dialled connection.
    package let clientContext: NIOSSLContext

    /// Makes the identity of a node.
    ///
    /// The certificate is self-signed from a fixed template. That the peer holds the key is proved by
    /// the TLS handshake; the certificate is only its envelope.
    /// - Parameter seed: The 32 bytes of an Ed25519 private key.
    /// - Throws: What the signature or TLS library finds wrong with the seed.
    public init(seed: [UInt8]) throws {
        verifyingKey = try SigningKey(seed: seed).verifyingKey
        let certificate = try NIOSSLCertificate(
            bytes: TransportIdentity.certificate(seed: seed),
            format: .der
        )
        let privateKey = try NIOSSLPrivateKey(
            bytes: DistinguishedEncoding.privateKey(seed: seed),
            format: .der
        )
        serverContext = try NIOSSLContext(
            configuration: TransportIdentity.strict(
                .makeServerConfiguration(
                    certificateChain: [.certificate(certificate)],
                    privateKey: .privateKey(privateKey)
                )
            )
        )
        var client = TLSConfiguration.makeClientConfiguration()
        client.certificateChain = [.certificate(certificate)]
        client.privateKey = .privateKey(privateKey)
        clientContext = try NIOSSLContext(configuration: TransportIdentity.strict(client))
    }

    /// The encoded certificate of a key, always the same for the same key.
    static func certificate(seed: [UInt8]) throws -> [UInt8] {
        let key = try SigningKey(seed: seed)
        let body = DistinguishedEncoding.certificateBody(publicKey: key.verifyingKey.bytes)
        let signature = try key.sign(body).bytes
        return DistinguishedEncoding.certificate(body: body, signature: signature)
    }

    /// Narrows a configuration to the one way in which nodes speak.
    private static func strict(_ base: TLSConfiguration) -> TLSConfiguration {
        var configuration = base
        configuration.minimumTLSVersion = .tlsv13
        configuration.maximumTLSVersion = .tlsv13
        // On the accepting side this is what makes TLS ask for a certificate at all.
        configuration.certificateVerification = .noHostnameVerification
        // No authority is trusted; without this the system's authorities would be loaded.
        configuration.trustRoots = .certificates([])
        // Ed25519 is not among the algorithms verified by default.
        configuration.verifySignatureAlgorithms = [.ed25519]
        configuration.signingSignatureAlgorithms = [.ed25519]
        configuration.applicationProtocols = [applicationProtocol]
        configuration.curves = [.x25519]
        configuration.shutdownTimeout = .seconds(1)
        return configuration
    }
}
