import PhiCrypto
import PhiDaemon
import PhiLedger
import PhiMeetings
import PhiNode
import PhiTesting
import Testing

@Suite("A configuration") struct ConfigurationTests {
    private func draft(_ change: (inout ConfigurationDraft) -> Void) -> ConfigurationDraft {
        var draft = ConfigurationDraft()
        draft.dataFolder = "/data"
        change(&draft)
        return draft
    }

    @Test("has the defaults that the command line promises")
    func defaults() throws {
        let configuration = try Configuration(draft { _ in })
        #expect(configuration.network.name == "main")
        #expect(configuration.listen.map { "\($0)" } == ["127.0.0.1:7181"])
        #expect(configuration.rpcHost == "127.0.0.1")
        #expect(configuration.rpcPort == 7_180)
        #expect(!configuration.isMining)
        #expect(configuration.miningDuty == 100)
        #expect(configuration.policy.assumedValid == nil)
        #expect(!configuration.isRPCPublic)
        #expect(!configuration.usesNodeKeystore)
        #expect(configuration.policy == NodePolicy())
        #expect(configuration.clockOffset == 0)
    }

    @Test("reads every key of a file")
    func file() throws {
        let text = """
            network = "dev"
            data = "/var/phi"
            listen = ["0.0.0.0:1", "[::]:1"]
            advertise = "198.51.100.1:1"
            peers = ["a:1"]
            local = true
            log-level = "debug"
            relay-delay = 7
            clock-offset = -250
            minimum-chain-work = "1f0"
            assume-valid = "00000000000000000000000000000000000000000000000000000000000000aa"
            [rpc]
            listen = "0.0.0.0:2"
            public = true
            insecure = true
            tls-certificate = "c"
            tls-key = "k"
            host-names = ["phi.example"]
            node-keystore = true
            [mine]
            enabled = true
            duty = 1
            [limits]
            upload = "500k"
            download = 40000
            """
        let parsed = try ConfigurationFile.parse(text, path: "test.toml")
        let configuration = try Configuration(parsed)
        #expect(configuration.network.name == "dev")
        #expect(configuration.dataFolder == "/var/phi")
        #expect(configuration.listen.count == 2)
        #expect(configuration.advertise.count == 1)
        #expect(configuration.peers.map { "\($0.address)" } == ["a:1"])
        #expect(configuration.policy.isLocal)
        #expect(configuration.policy.minimumChainWork == Work(rawValue: 0x1f0))
        #expect(configuration.policy.assumedValid?.hex.hasSuffix("00aa") == true)
        #expect("\(configuration.logLevel)" == "debug")
        #expect(configuration.policy.outboundRelayDelay == 7)
        #expect(configuration.policy.inboundRelayDelay == 7)
        #expect(configuration.clockOffset == -250)
        #expect(configuration.rpcPort == 2)
        #expect(configuration.certificate?.keyPath == "k")
        #expect(configuration.isMining)
        #expect(configuration.miningDuty == 1_000)
        #expect(configuration.uploadLimit == 500_000)
        #expect(configuration.downloadLimit == 40_000)
    }

    @Test(
        "takes transfer limits from the least on, or none",
        arguments: [
            (nil, nil), ("0", nil), ("0k", nil), ("32768", 32_768), ("33k", 33_000),
            ("2M", 2_000_000),
        ] as [(String?, UInt64?)]
    )
    func transferLimits(text: String?, limit: UInt64?) throws {
        let configuration = try Configuration(
            draft {
                $0.uploadLimit = text
                $0.downloadLimit = text
            }
        )
        #expect(configuration.uploadLimit == limit)
        #expect(configuration.downloadLimit == limit)
    }

    @Test(
        "refuses transfer limits that are too small or no number, with the remedy",
        arguments: [
            "32767", "32k", "1", "", "k", "-1", "+5M", "1.5M", "5G", "5K", "5 M",
            "18446744073709551615k", "18446744073709551616",
        ]
    )
    func wrongTransferLimits(text: String) {
        let isSmall = ["32767", "32k", "1"].contains(text)
        let remedy =
            isSmall
            ? "give 32768 bytes in a second or more, or 0 for no limit"
            : "write bytes in a second, such as 500k or 2M; 0 is no limit"
        #expect(
            throws: ConfigurationFailure.wrongValue(
                field: "limits.upload",
                value: text,
                remedy: remedy
            )
        ) { try Configuration(draft { $0.uploadLimit = text }) }
    }

    @Test("keeps the search on the local network off unless it is wanted")
    func lan() throws {
        #expect(try !Configuration(draft { _ in }).searchesLAN)
        let text = "network = \"dev\"\ndata = \"/d\"\nlan = true\nlan-interface = \"lo\""
        let file = try ConfigurationFile.parse(text, path: "test.toml")
        #expect(try Configuration(file).searchesLAN)
        #expect(try Configuration(file).lanInterfaces == ["lo"])
        let flags = draft { $0.searchesLAN = false }
        #expect(try !Configuration(file.overridden(by: flags)).searchesLAN)
    }

    @Test("takes the peers of links beside those that are named, each once and with its key")
    func links() throws {
        let keys = [TestKey("a").verifyingKey, TestKey("b").verifyingKey]
        func peer(_ host: [UInt8], _ port: UInt8, _ key: VerifyingKey) throws -> LinkPeer {
            let address = [4] + [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + host + [0, port]
            return try #require(LinkPeer(address: address, identity: key))
        }
        let link = MeetingLink(
            meeting: .zero,
            prefix: "phid",
            secret: MeetingSecret([UInt8](repeating: 9, count: 32)),
            peers: try [
                peer([203, 0, 113, 1], 7, keys[0]), peer([203, 0, 113, 2], 7, keys[1]),
                peer([203, 0, 113, 3], 0, keys[1]), peer([0, 0, 0, 0], 7, keys[1]),
            ]
        )
        let configuration = try Configuration(
            draft {
                $0.network = "dev"
                $0.peers = ["c:1"]
                $0.links = [link.text, link.webText(node: "https://node.example")]
            }
        )
        #expect(configuration.peers.map { "\($0)" } == ["c:1"])
        #expect(
            configuration.linkPeers.map { "\($0)" } == [
                "\(keys[0].hex)@203.0.113.1:7", "\(keys[1].hex)@203.0.113.2:7",
            ]
        )
    }

    @Test("does not repeat a link that it refuses")
    func wrongLink() {
        do {
            _ = try Configuration(
                draft {
                    $0.network = "dev"
                    $0.links = ["phi:phid1wrong#c2VjcmV0"]
                }
            )
            Issue.record("the link was taken")
        } catch {
            #expect(!"\(error)".contains("c2VjcmV0"))
            #expect("\(error)".hasPrefix("link "))
        }
    }

    @Test("takes what the command line says before what the file says")
    func merge() throws {
        let file = try ConfigurationFile.parse(
            "peers = [\"a:1\"]\nlisten = \"h:1\"\n[mine]\nenabled = true\nduty = 0.5",
            path: "test.toml"
        )
        let flags = draft {
            $0.peers = ["b:2"]
            $0.isMining = false
        }
        let configuration = try Configuration(file.overridden(by: flags))
        #expect(configuration.peers.map { "\($0.address)" } == ["a:1", "b:2"])
        #expect(configuration.listen.map { "\($0)" } == ["h:1"])
        #expect(!configuration.isMining)
        #expect(configuration.miningDuty == 500)
    }

    @Test(
        "refuses an unknown key with the nearest known one",
        arguments: [
            ("netwrok = \"dev\"", "netwrok", "network"), ("peer = []", "peer", "peers"),
            ("public = true", "public", "rpc.public"),
            ("[rpc]\nlisen = \"a:1\"", "rpc.lisen", "rpc.listen"),
            ("[mine]\nduti = 1", "mine.duti", "mine.duty"),
        ]
    )
    func unknownKey(text: String, key: String, nearest: String) {
        #expect(
            throws: ConfigurationFailure.unknownKey(key, nearest: nearest, path: "test.toml")
        ) { try ConfigurationFile.parse(text, path: "test.toml") }
    }

    @Test("refuses an unknown key that is near to nothing")
    func strangeKey() {
        #expect(
            throws: ConfigurationFailure.unknownKey("zzzzzzzzzz", nearest: nil, path: "test.toml")
        ) { try ConfigurationFile.parse("zzzzzzzzzz = 1", path: "test.toml") }
    }

    @Test(
        "refuses values of another kind",
        arguments: [
            "network = 1", "listen = 1", "listen = [1]", "local = \"yes\"", "rpc = 1",
            "[rpc]\npublic = 1", "[mine]\nduty = \"half\"", "network = ", "a = [",
            "relay-delay = 1.5", "relay-delay = \"1\"", "clock-offset = 0.5",
        ]
    )
    func wrongKind(text: String) {
        #expect(throws: ConfigurationFailure.self) {
            try ConfigurationFile.parse(text, path: "test.toml")
        }
    }

    @Test(
        "leaves the machine with TLS or on an express wish only",
        arguments: ["0.0.0.0:1", "192.0.2.1:1", "[::]:1", "host:1"]
    )
    func insecure(address: String) throws {
        #expect(throws: ConfigurationFailure.self) {
            try Configuration(draft { $0.rpc = address })
        }
        let wished = draft {
            $0.rpc = address
            $0.allowsInsecureRPC = true
        }
        #expect(try Configuration(wished).allowsInsecureRPC)
        let sealed = draft {
            $0.rpc = address
            $0.certificateFile = "c"
            $0.certificateKeyFile = "k"
        }
        #expect(try Configuration(sealed).certificate?.chainPath == "c")
    }

    @Test("knows this machine by its names", arguments: ["127.0.0.1:0", "[::1]:0", "localhost:0"])
    func loopback(address: String) throws {
        #expect(try Configuration(draft { $0.rpc = address }).rpcPort == 0)
    }

    @Test("pins a peer's key where it is given")
    func pinned() throws {
        let key = TestKey("peer").verifyingKey
        let configuration = try Configuration(draft { $0.peers = ["\(key)@host:7"] })
        #expect(configuration.peers.first?.identity == key)
    }

    @Test(
        "refuses a peer that cannot be called",
        arguments: ["host", "host:0", "12@host:1", "@host:1", "a@b@c:1", ""]
    )
    func peers(text: String) {
        #expect(throws: ConfigurationFailure.self) {
            try Configuration(draft { $0.peers = [text] })
        }
    }

    @Test(
        "refuses work that is no number",
        arguments: ["", "0x1", "-1", "1F", "01", String(repeating: "f", count: 33)]
    )
    func work(text: String) {
        #expect(throws: ConfigurationFailure.self) {
            try Configuration(draft { $0.minimumChainWork = text })
        }
    }

    @Test("refuses a duty beyond a core", arguments: [0, 0.0009, 1.001, -1, .nan, .infinity])
    func duty(share: Double) {
        #expect(throws: ConfigurationFailure.self) {
            try Configuration(draft { $0.miningDuty = share })
        }
    }

    @Test("takes a delay of announcements up to its limit", arguments: [0, 1, 10_000])
    func relayDelay(milliseconds: Int) throws {
        let configuration = try Configuration(draft { $0.relayDelay = milliseconds })
        #expect(configuration.policy.outboundRelayDelay == UInt64(milliseconds))
        #expect(configuration.policy.inboundRelayDelay == UInt64(milliseconds))
    }

    @Test("refuses a delay beyond its limit", arguments: [-1, 10_001, .min, .max])
    func wrongRelayDelay(milliseconds: Int) {
        #expect(throws: ConfigurationFailure.self) {
            try Configuration(draft { $0.relayDelay = milliseconds })
        }
    }

    @Test("takes a wrong clock where nobody relies on it", arguments: [-86_400_000, 1, 86_400_000])
    func clockOffset(milliseconds: Int) throws {
        let trial = draft {
            $0.network = "dev"
            $0.clockOffset = milliseconds
        }
        #expect(try Configuration(trial).clockOffset == milliseconds)
    }

    @Test("refuses a clock beyond its limit", arguments: [-86_400_001, 86_400_001, .min, .max])
    func wrongClockOffset(milliseconds: Int) {
        let trial = draft {
            $0.network = "dev"
            $0.clockOffset = milliseconds
        }
        #expect(throws: ConfigurationFailure.self) { try Configuration(trial) }
    }

    @Test("refuses a wrong clock on a shared network", arguments: ["main", "test"])
    func sharedClock(network: String) throws {
        let wrong = draft {
            $0.network = network
            $0.clockOffset = 1
        }
        #expect {
            try Configuration(wrong)
        } throws: { error in
            "\(error)".contains("clock-offset") && "\(error)".contains(network)
        }
        var right = wrong
        right.clockOffset = 0
        #expect(try Configuration(right).clockOffset == 0)
    }
}
