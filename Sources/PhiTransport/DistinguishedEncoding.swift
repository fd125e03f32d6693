/// The little of DER that a certificate and a private key of Ed25519 need.
///
/// Everything here is shorter than 256 bytes, so a length is one byte, or two from 128 on.
enum DistinguishedEncoding {
    /// The object identifier of Ed25519, 1.3.101.112.
    static let ed25519: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70]

    /// What stands before the 32 bytes of an Ed25519 key in a certificate.
    static let publicKeyPrefix: [UInt8] =
        [0x30, 0x2A] + sequence(ed25519) + [0x03, 0x21, 0x00]

    /// A sequence of encoded parts.
    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        tagged(0x30, Array(parts.joined()))
    }

    /// A value with its tag and length.
    static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        precondition(content.count < 256, "a certificate's parts are short")
        let length = UInt8(content.count)
        return (length < 128 ? [tag, length] : [tag, 0x81, length]) + content
    }

    /// A PKCS#8 private key.
    static func privateKey(seed: [UInt8]) -> [UInt8] {
        sequence([0x02, 0x01, 0x00], sequence(ed25519), tagged(0x04, tagged(0x04, seed)))
    }

    /// The part of a self-signed certificate that is signed.
    ///
    /// The name, the number and the dates are the same for all nodes: a peer is known by its key, and
    /// a date would tell the node's clock.
    static func certificateBody(publicKey: [UInt8]) -> [UInt8] {
        let commonName: [UInt8] = [0x06, 0x03, 0x55, 0x04, 0x03]
        let name = sequence(tagged(0x31, sequence(commonName, tagged(0x0C, Array("phi".utf8)))))
        return sequence(
            [0xA0, 0x03, 0x02, 0x01, 0x02],
            [0x02, 0x01, 0x01],
            sequence(ed25519),
            name,
            sequence(
                tagged(0x17, Array("250101000000Z".utf8)),
                tagged(0x18, Array("99991231235959Z".utf8))
            ),
            name,
            publicKeyPrefix + publicKey
        )
    }

    /// A whole certificate.
    static func certificate(body: [UInt8], signature: [UInt8]) -> [UInt8] {
        sequence(body, sequence(ed25519), tagged(0x03, [0x00] + signature))
    }
}
