/// Command lines for tests.
enum Lines {
    /// Every command with its parts.
    static let commands: [[String]] = [
        [], ["node"], ["node", "run"], ["node", "ad-hoc"], ["identity"], ["identity", "create"],
        ["identity", "show"],
        ["identity", "export"], ["identity", "import"], ["meeting"], ["meeting", "create"],
        ["meeting", "join"], ["meeting", "list"], ["meeting", "show"], ["meeting", "members"],
        ["meeting", "admit"], ["meeting", "revoke"], ["meeting", "close"],
        ["meeting", "approve"], ["meeting", "minutes"], ["send"], ["send", "message"], ["chat"],
        ["history"], ["entry"], ["entry", "status"], ["entry", "receipt"], ["receipt"],
        ["receipt", "verify"], ["chain"], ["chain", "tip"], ["chain", "header"],
        ["chain", "block"], ["chain", "verify"], ["chain", "export"], ["chain", "import"],
        ["chain", "accept-reorg"], ["peer"], ["peer", "list"], ["peer", "add"],
        ["peer", "remove"], ["peer", "ban"], ["miner"], ["miner", "start"], ["miner", "stop"],
        ["miner", "status"], ["miner", "generate"], ["genesis"], ["genesis", "create"],
        ["genesis", "show"],
    ]

    static let zeros = String(repeating: "0", count: 64)

    /// Lines about a node that leave something out, contradict themselves, or cannot be.
    static let wrongNode: [[String]] = [
        ["nothing"], ["chain", "nothing"], ["chain", "tip", "--nothing"], ["chain", "tip", "more"],
        ["chain", "header"], ["chain", "header", "high"], ["chain", "block", "-1"],
        ["chain", "export"], ["chain", "import"], ["chain", "accept-reorg", "12"],
        ["chain", "export", "-", "--json"], ["chain", "tip", "--network"],
        ["chain", "tip", "--timeout", "0"], ["chain", "tip", "--timeout", "soon"],
        ["chain", "tip", "--rpc-url", "ftp://node"], ["chain", "tip", "--rpc-url", "node"],
        ["genesis", "create"], ["genesis", "create", "--name", "a", "--bits", "12"],
        ["genesis", "create", "--name", "a", "--bits", "xxxxxxxx"],
        ["genesis", "create", "--name", "a", "--interval", "1"],
        ["genesis", "create", "--name", "a", "--min-spacing", "999999"],
        ["genesis", "create", "--name", "a", "--miners", "0"],
        ["genesis", "show", "--network", "/absent"], ["miner", "generate"],
        ["miner", "generate", "0"], ["miner", "generate", "1001"],
        ["miner", "start", "--duty-percent", "0"], ["miner", "start", "--duty-percent", "101"],
        ["node", "run", "--network", "/absent"], ["node", "run", "--listen", "here"],
        ["node", "run", "--rpc", "here"], ["node", "run", "--rpc", "0.0.0.0:0"],
        ["node", "run", "--peer", "nobody"], ["node", "run", "--peer", "key@host:1"],
        ["node", "run", "--mine-duty", "0"], ["node", "run", "--mine-duty", "1.1"],
        ["node", "run", "--log-level", "loud"], ["node", "run", "--rpc-tls-certificate", "c"],
        ["node", "run", "--rpc-tls-key", "k"], ["node", "run", "--advertise", "a:0"],
        ["node", "run", "--config", "/absent"], ["node", "run", "--link", "phi:nothing"],
        ["node", "ad-hoc", "--port", "65536"], ["peer", "add"],
        ["peer", "add", "host"],
        ["peer", "add", "host:0"], ["peer", "remove"], ["peer", "remove", "key"],
        ["peer", "ban", "key"],
    ]

    /// Lines about meetings, entries and identities that are wrong in the same ways.
    static let wrongMeeting: [[String]] = [
        ["entry", "status"], ["entry", "status", "zz"], ["entry", "receipt"],
        ["entry", "receipt", zeros, "--confirmations", "101"],
        ["history"], ["history", "a", "--limit", "0"],
        ["history", "a", "--author", "me"], ["identity", "import"],
        ["identity", "create", "--no-passphrase", "--passphrase-file", "f"],
        ["identity", "export", "--unsealed", "--backup-passphrase-file", "f"],
        ["meeting", "create"], ["meeting", "create", "--title"],
        ["meeting", "create", "--title", "a", "--reading", "some"],
        ["meeting", "create", "--title", "a", "--writing", "some"],
        ["meeting", "create", "--title", "a", "--lifetime", "-1"],
        ["meeting", "create", "--title", "a", "--page", "node"],
        ["meeting", "create", "--title", String(repeating: "a", count: 257)],
        ["meeting", "join"], ["meeting", "show"], ["meeting", "members"],
        ["meeting", "admit", "m"], ["meeting", "admit", "m", "key"], ["meeting", "revoke", "m"],
        ["meeting", "close"], ["meeting", "close", "m", "--wait", "forever"],
        ["meeting", "close", "m", "--wait-timeout", "0"], ["meeting", "approve"],
        ["meeting", "minutes"], ["meeting", "list", "--limit", "0"],
        ["meeting", "revoke", "m", zeros, "--keep-secret", "--hide-history"],
        ["receipt", "verify"], ["receipt", "verify", "-", "-"],
        ["receipt", "verify", "f", "--header", "12"], ["send", "message"],
        ["send", "message", "m"], ["send", "message", "-", "-"], ["send", "message", "m", ""],
        ["send", "message", "m", "t", "--reply-to", "12"], ["chat"], ["chat", "m", "more"],
        ["chat", "m", "--name", ""], ["chat", "m", "--name", String(repeating: "é", count: 33)],
    ]
}
