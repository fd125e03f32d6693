import PhiLedger
import PhiWire
import Testing

@Suite("A peer's address") struct PeerAddressTests {
    static let texts = [
        "127.0.0.1:7181", "0.0.0.0:0", "255.255.255.255:65535", "203.0.113.7:1", "[::1]:7181",
        "[::]:0", "[2001:db8::1:2]:443", "[2001:db8:0:1:1:1:1:1]:443", "[fe80::]:9",
        "[1:2:3:4:5:6:7:8]:65535", "[2001:0:0:1::1]:5", "[2001:db8::1:0:0:1]:5",
        "[::2:3:4:5:6:7:8]:80", "[1:2:3:4:5:6::]:80",
    ]

    @Test("comes back from its text", arguments: texts) func text(text: String) throws {
        // A hole of one group is written as a zero, so this one has another short form.
        let expected = text == "[::2:3:4:5:6:7:8]:80" ? "[0:2:3:4:5:6:7:8]:80" : text
        let address = try #require(PeerAddress(text))
        #expect(address.description == expected)
        #expect(PeerAddress(expected) == address)
    }

    @Test("comes back from its bytes", arguments: texts) func bytes(text: String) throws {
        let address = try #require(PeerAddress(text))
        var bytes: [UInt8] = []
        address.append(to: &bytes)
        #expect(bytes.count == PeerAddress.byteCount)
        var reader = ByteReader(bytes)
        #expect(try PeerAddress(from: &reader) == address)
        #expect(throws: Never.self) { try reader.finish() }
        for count in bytes.indices {
            var short = ByteReader(bytes, in: 0..<count)
            #expect(throws: DecodingFailure.self) { try PeerAddress(from: &short) }
        }
    }

    @Test("has one encoding alone") func oneEncoding() {
        let version4: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 127, 0, 0, 1, 0, 1]
        let version6: [UInt8] = [0x20, 1] + [UInt8](repeating: 0, count: 14) + [0, 1]
        for bytes in [[6] + version4, [4] + version6] {
            var reader = ByteReader(bytes)
            #expect(throws: DecodingFailure.notCanonical(field: "address kind")) {
                try PeerAddress(from: &reader)
            }
        }
        for kind: UInt8 in [0, 1, 3, 5, 7, 255] {
            var reader = ByteReader([kind] + version4)
            #expect(throws: DecodingFailure.unknown(field: "address kind", found: UInt64(kind))) {
                try PeerAddress(from: &reader)
            }
        }
    }

    @Test(
        "is refused when its text is not one",
        arguments: [
            "", ":", ":1", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:+1",
            "1.2.3.4:01", "1.2.3:1", "1.2.3.4.5:1", "1.2.3.256:1", "1.2.3.04:1", "1..3.4:1",
            " 1.2.3.4:1", "1.2.3.4:1 ", "1.2.3.x:1", "::1:7181", "[]:1", "[::1]", "[::1]:",
            "[:::]:1", "[::1::2]:1", "[1:2:3:4:5:6:7]:1", "[1:2:3:4:5:6:7:8:9]:1",
            "[1:2:3:4:5:6:7:8::]:1", "[1:2:3:4::5:6:7:8]:1", "[1:2:3:4:5::6:7:8:9]:1",
            "[12345::]:1", "[g::]:1", "[+1::]:1", "[:1::]:1", "[::1:]:1",
            "[1.2.3.4]:1", "[::1.2.3.4]:1", "[::1:1", "::1]:1", "localhost:1", "[::1]x:1",
            "[2001:db8::1%eth0]:1", "١.2.3.4:1", "[١::]:1",
        ]
    ) func notText(text: String) {
        #expect(PeerAddress(text) == nil)
    }

    @Test("is written in small letters and read in any") func capitals() throws {
        let address = try #require(PeerAddress("[2001:DB8::ABCD]:1"))
        #expect(address.description == "[2001:db8::abcd]:1")
    }

    @Test("of the fourth version may be written as a mapped one") func mapped() throws {
        let address = try #require(PeerAddress("[::ffff:7f00:1]:7181"))
        #expect(address.description == "127.0.0.1:7181")
        #expect(address.version4 == 0x7f00_0001)
    }

    @Test("lies in the ranges that it lies in") func ranges() throws {
        let rows:
            [(name: String, has: (PeerAddress) -> Bool, inside: [String], outside: [String])] =
                [
                    (
                        "loopback", \.isLoopback, ["127.0.0.0", "127.255.255.255", "[::1]"],
                        ["126.255.255.255", "128.0.0.0", "[::2]", "[::]"]
                    ),
                    (
                        "private", \.isPrivate,
                        [
                            "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255",
                            "192.168.0.0", "192.168.255.255", "169.254.0.0", "169.254.255.255",
                            "100.64.0.0", "100.127.255.255", "[fc00::]", "[fdff::1]", "[fe80::]",
                            "[febf:ffff::]",
                        ],
                        [
                            "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0",
                            "192.167.255.255", "192.169.0.0", "169.253.255.255", "169.255.0.0",
                            "100.63.255.255", "100.128.0.0", "[fbff::]", "[fe00::]", "[fe7f::]",
                            "[fec0::]", "127.0.0.1", "[::1]",
                        ]
                    ),
                    (
                        "unspecified", \.isUnspecified, ["0.0.0.0", "0.255.255.255", "[::]"],
                        ["1.0.0.0", "[::1]"]
                    ),
                    (
                        "multicast", \.isMulticast,
                        ["224.0.0.0", "239.255.255.255", "[ff00::]", "[ffff::1]"],
                        ["223.255.255.255", "240.0.0.0", "[feff::]"]
                    ),
                    (
                        "broadcast", \.isBroadcast, ["255.255.255.255"],
                        ["255.255.255.254", "[ffff::ffff:ffff]"]
                    ),
                    (
                        "local", \.isLocal, ["127.0.0.1", "10.0.0.1", "[::1]", "[fe80::1]"],
                        ["203.0.113.1", "[2001:db8::1]", "0.0.0.0"]
                    ),
                ]
        for row in rows {
            for host in row.inside {
                #expect(row.has(try #require(PeerAddress("\(host):1"))), "\(host) is \(row.name)")
            }
            for host in row.outside {
                #expect(!row.has(try #require(PeerAddress("\(host):1"))), "\(host) \(row.name)")
            }
        }
    }

    @Test("counts in the group of its /16 or /32") func groups() throws {
        func group(_ text: String) throws -> NetworkGroup { try #require(PeerAddress(text)).group }
        #expect(try group("203.0.113.1:1") == group("203.0.255.255:9"))
        #expect(try group("203.0.113.1:1") != group("203.1.113.1:1"))
        #expect(try group("[2001:db8::1]:1") == group("[2001:db8:ffff::]:1"))
        #expect(try group("[2001:db8::1]:1") != group("[2001:db9::1]:1"))
        #expect(try group("[2001:db8::1]:1") != group("203.0.113.1:1"))
        #expect(try group("203.0.113.1:1").description == "203.0.0.0/16")
        #expect(try group("[2001:db8:1::1]:1").description == "2001:db8::/32")
        #expect(try group("1.2.3.4:1") < group("1.3.0.0:1"))
    }

    @Test("is ordered by its bytes and then by its port") func order() throws {
        let texts = ["[::1]:5", "1.2.3.4:5", "1.2.3.4:6", "1.2.3.5:1", "[2001:db8::]:1"]
        let addresses = try texts.map { try #require(PeerAddress($0)) }
        #expect(addresses.reversed().sorted() == addresses)
    }
}
