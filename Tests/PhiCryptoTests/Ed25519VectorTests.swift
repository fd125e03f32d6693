import Foundation
import PhiCrypto
import PhiTesting
import Testing

/// One case of the collection C2SP/CCTV.
private struct EdgeCase: Decodable {
    let number: Int
    let key: String
    let sig: String
    let msg: String
    let flags: [String]?
}

/// One case of the collection ed25519-speccheck.
private struct SpecificationCase: Decodable {
    enum CodingKeys: String, CodingKey {
        case message
        case publicKey = "pub_key"
        case signature
    }

    let message: String
    let publicKey: String
    let signature: String
}

@Suite("Rule P-Ed25519") struct Ed25519VectorTests {
    @Test("accepts 43 of the 914 edge cases, none with a small-order or non-canonical point")
    func edgeCases() throws {
        guard let data = SharedFolder.data("vectors/ed25519/cctv.json") else { return }
        let cases = try JSONDecoder().decode([EdgeCase].self, from: data)
        #expect(cases.count == 914)
        var accepted: [EdgeCase] = []
        for example in cases {
            let key = try #require(VerifyingKey(hex: example.key))
            let signature = try #require(Signature(hex: example.sig))
            if key.isValid(signature, of: ascii(example.msg)) {
                accepted.append(example)
            }
        }
        #expect(accepted.count == 43)
        let banned: Set = [
            "low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "reencoded_k",
        ]
        for example in accepted {
            #expect(banned.isDisjoint(with: example.flags ?? []), "case \(example.number)")
        }
    }

    @Test("accepts the third alone of the twelve cases where libraries disagree")
    func specificationCases() throws {
        guard let data = SharedFolder.data("vectors/ed25519/speccheck.json") else { return }
        let cases = try JSONDecoder().decode([SpecificationCase].self, from: data)
        #expect(cases.count == 12)
        let accepted = try cases.indices.filter { index in
            let example = cases[index]
            let key = try #require(VerifyingKey(hex: example.publicKey))
            let signature = try #require(Signature(hex: example.signature))
            return key.isValid(signature, of: bytes(example.message))
        }
        #expect(accepted == [3])
    }
}
