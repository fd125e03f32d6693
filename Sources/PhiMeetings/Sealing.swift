import PhiCrypto
import PhiLedger

/// One sealing: a key that is used once, and the place that it is bound to.
struct Sealing {
    private let salt: [UInt8]
    private let info: [UInt8]
    private let associated: [UInt8]

    static func message(salt: [UInt8], place: MessagePlace) -> Sealing {
        Sealing(salt: salt, info: Label.message + place.bytes, associated: place.bytes)
    }

    static func title(salt: [UInt8], place: MessagePlace) -> Sealing {
        Sealing(salt: salt, info: Label.title + place.bytes, associated: place.bytes)
    }

    func seal(
        _ content: [UInt8],
        with secret: MeetingSecret
    ) throws(SealingFailure) -> [UInt8] {
        do {
            return try AESGCM.seal(
                Padme.padded(content),
                key: key(secret),
                nonce: Label.nonce,
                authenticating: associated
            )
        } catch { throw .crypto(error) }
    }

    func open(
        _ sealed: [UInt8],
        with secret: MeetingSecret
    ) throws(SealingFailure) -> [UInt8] {
        let padded: [UInt8]
        do {
            padded = try AESGCM.open(
                sealed,
                key: key(secret),
                nonce: Label.nonce,
                authenticating: associated
            )
        } catch { throw .crypto(error) }
        guard let content = Padme.unpadded(padded) else { throw .padding }
        return content
    }

    private func key(_ secret: MeetingSecret) throws(CryptoFailure) -> SecretBytes {
        try KeyDerivation.hkdf(secret: secret.readKey(), salt: salt, info: info)
    }
}
