import PhiCrypto
import PhiDaemon
import PhiLedger
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
            """
        let parsed = try ConfigurationFile.parse(text, path: "test.toml")
        let configuration = try Configuration(parsed)
        #expect(configuration.network.name == "dev")
        #expect(configuration.dataFolder == "/var/phi")
        #expect(configuration.listen.count == 2)
        #expect(configuration.advertise.count == 1)
        #expect(configuration.peers.map { "\($0.address)" } == ["a:1"])
        #expect(configuration.policy.isLocal)
        #expect(configuration.policy.assumedValid?.hex.hasSuffix("00aa") == true)
        #expect("\(configuration.logLevel)" == "debug")
        #expect(configuration.rpcPort == 2)
        #expect(configuration.certificate?.keyPath == "k")
        #expect(configuration.isMining)
        #expect(configuration.miningDuty == 1_000)
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

    @Test("refuses a duty beyond a core", arguments: [0, 0.0009, 1.001, -1, .nan, .infinity])
    func duty(share: Double) {
        #expect(throws: ConfigurationFailure.self) {
            try Configuration(draft { $0.miningDuty = share })
        }
    }
}
