import PhiCrypto
import Testing

@Suite("SHA-256") struct SHA256Tests {
    @Test(
        "gives the published values",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ]
    )
    func published(text: String, digest: String) {
        #expect(SHA256.hash(ascii(text)).hex == digest)
    }

    @Test("does not depend on how its input is divided", arguments: 0...130)
    func division(cut: Int) {
        let whole = (0..<130).map { UInt8($0) }
        var hasher = SHA256.Hasher()
        hasher.update(Array(whole[..<cut]))
        hasher.update(whole, in: cut..<130)
        #expect(hasher.finalize() == SHA256.hash(whole))
        #expect(
            SHA256.hash(whole, in: cut..<130, prefixedBy: Array(whole[..<cut]))
                == SHA256.hash(whole)
        )
        #expect(
            SHA256.hash(prefix: 0xfe, whole, in: 0..<cut)
                == SHA256.hash([0xfe] + whole[..<cut])
        )
    }

    @Test("of a node is that of a byte and two digests")
    func node() {
        let (left, right) = (SHA256.hash([1]), SHA256.hash([2]))
        #expect(
            SHA256.hash(prefix: 1, left, right)
                == SHA256.hash([1] + left.bytes + right.bytes)
        )
    }

    @Test("doubled is that of the first hash")
    func double() {
        #expect(
            SHA256.doubleHash(ascii("hello")).hex
                == "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"
        )
        #expect(SHA256.doubleHash([]) == SHA256.hash(SHA256.hash([]).bytes))
    }

    @Test("goes on from a copy without changing the original")
    func copies() {
        var first = SHA256.Hasher()
        first.update(7)
        var second = first
        second.update(SHA256.hash([]))
        #expect(first.finalize() == SHA256.hash([7]))
        #expect(second.finalize() == SHA256.hash([7] + SHA256.hash([]).bytes))
    }

    @Test("takes no range outside of the bytes")
    func outside() async {
        await #expect(processExitsWith: .failure) { _ = SHA256.hash(prefix: 0, [1, 2], in: 0..<3) }
        await #expect(processExitsWith: .failure) {
            _ = SHA256.hash([1, 2], in: -1..<2, prefixedBy: [])
        }
    }
}

@Suite("A comparison in constant time") struct ConstantTimeTests {
    @Test("finds equal bytes equal", arguments: [0, 1, 32, 100])
    func equal(count: Int) {
        let run = [UInt8](repeating: 7, count: count)
        #expect(constantTimeEquals(run, run))
    }

    @Test("finds a difference anywhere", arguments: 0..<32)
    func different(index: Int) {
        let run = [UInt8](repeating: 7, count: 32)
        var other = run
        other[index] ^= 0x80
        #expect(!constantTimeEquals(run, other))
        #expect(!constantTimeEquals(run, Array(run[..<index])))
    }
}
