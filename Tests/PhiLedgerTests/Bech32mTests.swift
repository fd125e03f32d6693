import PhiCrypto
import PhiLedger
import Testing

@Suite("A bech32m name") struct Bech32mTests {
    private func failure(_ text: String) -> Bech32mFailure? {
        do {
            _ = try Bech32m.decode(text)
            return nil
        } catch { return error }
    }

    @Test(
        "comes back from its text",
        arguments: ["phi", "phit", "phid", "a", "1", "x1y", "~", "!", "@[`{"]
    )
    func roundTrip(prefix: String) throws {
        for count in 0...42 {
            let data = Array(SHA256.hash([UInt8(count)]).bytes + SHA256.hash([]).bytes)[..<count]
            let text = Bech32m.encode(prefix: prefix, Array(data))
            let decoded = try Bech32m.decode(text)
            #expect(decoded.prefix == prefix)
            #expect(decoded.data == Array(data))
            #expect(try Bech32m.decode(text.uppercased()).data == Array(data))
        }
    }

    @Test("of 32 bytes has 59 characters and its prefix") func length() {
        let text = Bech32m.encode(prefix: "phi", SHA256.hash([]).bytes)
        #expect(text.utf8.count == 3 + 1 + 52 + 6)
        #expect(text.hasPrefix("phi1"))
    }

    @Test(
        "is accepted where BIP 350 accepts it and its symbols are whole bytes",
        arguments: [
            ("A1LQFN3A", "a", 0), ("a1lqfn3a", "a", 0), ("?1v759aa", "?", 0),
            (
                "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharacters"
                    + "bioandnumber11sg7hg6",
                "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharacters"
                    + "bioandnumber1", 0
            ),
            ("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "abcdef", 20),
            (
                "split1checkupstagehandshakeupstreamerranterredcaperredlc445v", "split", 30
            ),
        ]
    )
    func accepted(text: String, prefix: String, count: Int) throws {
        let decoded = try Bech32m.decode(text)
        #expect(decoded.prefix == prefix)
        #expect(decoded.data.count == count)
        #expect(Bech32m.encode(prefix: prefix, decoded.data) == text.lowercased())
    }

    @Test("is refused for its padding where BIP 350 has symbols that are no bytes") func symbols() {
        let text = "11" + String(repeating: "l", count: 82) + "ludsr8"
        #expect(text.utf8.count == 90)
        #expect(failure(text) == .padding)
    }

    @Test(
        "is refused when its last symbol is nothing but padding",
        arguments: ["phi1qtdvzld", "phi1qqq0jcsq5", "phi1qqqqqqzj7tfz", "phi1qqqqqqqqqlw4tyf"]
    )
    func wholeSymbolOfPadding(text: String) {
        #expect(failure(text) == .padding)
    }

    @Test(
        "may end with zero bits that are less than a symbol",
        arguments: [
            ("phi1qqn638u6", 1), ("phi1qqqqryp72q", 2), ("phi1qqqqqyrf708", 3),
            ("phi1qqqqqqq02ggs4", 4),
        ]
    )
    func zeroPadding(text: String, count: Int) throws {
        #expect(try Bech32m.decode(text).data == [UInt8](repeating: 0, count: count))
    }

    @Test(
        "is refused where BIP 350 refuses it",
        arguments: [
            ("\u{20}1xj0phk", .forbiddenCharacter), ("\u{7f}1g6xzxy", .forbiddenCharacter),
            ("\u{80}1vctc34", .forbiddenCharacter),
            (
                "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharacters"
                    + "bioandnumber11d6pts4", .tooLong(count: 91, limit: 90)
            ),
            ("qyrz8wqd2c9m", .noPrefix), ("1qyrz8wqd2c9m", .noPrefix),
            ("y1b0jsk6g", .forbiddenCharacter), ("lt1igcx5c0", .forbiddenCharacter),
            ("in1muywd", .tooShort), ("mm1crxm3i", .forbiddenCharacter),
            ("au1s5cgom", .forbiddenCharacter), ("M1VUXWEZ", .checksum),
            ("16plkw9", .noPrefix), ("1p2gdwpf", .noPrefix),
        ] as [(String, Bech32mFailure)]
    )
    func refused(text: String, expected: Bech32mFailure) {
        #expect(failure(text) == expected)
    }

    @Test(
        "of the older form, BIP 173, is refused",
        arguments: ["A12UEL5L", "a12uel5l", "?1ezyfcl"]
    )
    func olderForm(text: String) {
        #expect(failure(text) == .checksum)
    }

    @Test("is refused in capitals and small letters at once") func mixed() {
        #expect(failure("A1lqfn3a") == .mixedCase)
        #expect(failure("a1lqfn3A") == .mixedCase)
        for (small, capital) in [("a", "Z"), ("z", "A"), ("a", "A"), ("z", "Z")] {
            #expect(failure("\(small)1234567\(capital)") == .mixedCase)
        }
    }

    @Test("is refused without any of its parts", arguments: ["", "1", "phi", "phi1", "phi1qqqqq"])
    func parts(text: String) {
        #expect(failure(text) != nil)
    }

    @Test("notices every wrong, missing and swapped character") func typing() {
        let text = Bech32m.encode(prefix: "phi", SHA256.hash([1]).bytes)
        let characters = Array(text)
        let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l")
        for place in 4..<characters.count {
            for symbol in alphabet where symbol != characters[place] {
                var changed = characters
                changed[place] = symbol
                #expect(failure(String(changed)) == .checksum)
            }
            var shorter = characters
            shorter.remove(at: place)
            #expect(failure(String(shorter)) != nil)
            guard place + 1 < characters.count, characters[place] != characters[place + 1] else {
                continue
            }
            var swapped = characters
            swapped.swapAt(place, place + 1)
            #expect(failure(String(swapped)) == .checksum)
        }
    }

    @Test("of another network keeps its prefix, so that the network can be named") func prefixes()
        throws
    {
        let text = Bech32m.encode(prefix: "phit", SHA256.hash([1]).bytes)
        #expect(try Bech32m.decode(text).prefix == "phit")
    }
}
