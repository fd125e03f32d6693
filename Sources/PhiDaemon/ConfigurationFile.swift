import PhiClient
import TOMLKit

/// Reads settings from a TOML file; keys that it does not know are refused.
public enum ConfigurationFile {
    /// Bytes of a file at most.
    public static let byteLimit = 1 << 20

    /// Every key, tables first.
    public static let keys = [
        "network", "data", "listen", "advertise", "peers", "local", "log-level",
        "relay-delay", "clock-offset", "rpc.listen",
        "assume-valid",
        "rpc.public", "rpc.insecure", "rpc.tls-certificate", "rpc.tls-key", "rpc.host-names",
        "rpc.node-keystore", "mine.enabled", "mine.duty", "limits.upload", "limits.download",
        "lan", "lan-interface",
        "minimum-chain-work",
    ]

    private static let tables = ["rpc", "mine", "limits"]

    /// Reads a file.
    ///
    /// - Parameter path: The file; paths in it count from the folder that the program runs in.
    /// - Returns: What it gives.
    /// - Throws: The first key or value that is wrong.
    public static func read(_ path: String) throws(ConfigurationFailure) -> ConfigurationDraft {
        let bytes: [UInt8]
        do {
            bytes = try PrivateFile.read(path, limit: byteLimit, isSecret: false)
        } catch {
            throw .unreadable(field: "config", path: path, reason: "\(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notTOML(path: path, reason: "it is not UTF-8")
        }
        return try parse(text, path: path)
    }

    /// Reads a text.
    public static func parse(
        _ text: String,
        path: String
    ) throws(ConfigurationFailure) -> ConfigurationDraft {
        let root: TOMLTable
        do { root = try TOMLTable(string: text) } catch {
            let reason = (error as? TOMLParseError)?.debugDescription ?? "\(error)"
            throw .notTOML(path: path, reason: reason)
        }
        try refuseUnknownKeys(of: root, prefix: "", path: path)
        let values = ConfigurationValues(root)
        var draft = ConfigurationDraft()
        draft.network = try values.string("network")
        draft.dataFolder = try values.string("data")
        draft.listen = try values.strings("listen")
        draft.advertise = try values.strings("advertise")
        draft.peers = try values.strings("peers")
        draft.isLocal = try values.bool("local")
        draft.assumeValid = try values.string("assume-valid")
        draft.logLevel = try values.string("log-level")
        draft.searchesLAN = try values.bool("lan")
        draft.lanInterfaces = try values.strings("lan-interface")
        draft.relayDelay = try values.integer("relay-delay")
        draft.clockOffset = try values.integer("clock-offset")
        draft.rpc = try values.string("rpc.listen")
        draft.isRPCPublic = try values.bool("rpc.public")
        draft.allowsInsecureRPC = try values.bool("rpc.insecure")
        draft.certificateFile = try values.string("rpc.tls-certificate")
        draft.certificateKeyFile = try values.string("rpc.tls-key")
        draft.rpcHostNames = try values.strings("rpc.host-names")
        draft.usesNodeKeystore = try values.bool("rpc.node-keystore")
        draft.isMining = try values.bool("mine.enabled")
        draft.miningDuty = try values.number("mine.duty")
        draft.uploadLimit = try values.quantity("limits.upload")
        draft.downloadLimit = try values.quantity("limits.download")
        draft.minimumChainWork = try values.string("minimum-chain-work")
        return draft
    }

    private static func refuseUnknownKeys(
        of table: TOMLTable,
        prefix: String,
        path: String
    ) throws(ConfigurationFailure) {
        for key in table.keys.sorted() {
            let name = prefix + key
            if prefix.isEmpty, tables.contains(key) {
                guard let inner = table[key]?.table else {
                    throw .wrongKind(
                        key: key,
                        wanted: "a table “[\(key)]”",
                        found: table[key]?.type.rawValue ?? "nothing"
                    )
                }
                try refuseUnknownKeys(of: inner, prefix: key + ".", path: path)
                continue
            }
            guard keys.contains(name) else {
                throw .unknownKey(name, nearest: nearest(to: name), path: path)
            }
        }
    }

    /// The key that was probably meant: the same word in another table, or one a few letters off.
    static func nearest(to name: String) -> String? {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        if let moved = keys.first(where: { $0.hasSuffix("." + last) }) { return moved }
        let ranked = keys.map { key in
            (key: key, distance: distance(Array(name.utf8), Array(key.utf8)))
        }
        guard let best = ranked.min(by: { $0.distance < $1.distance }),
            best.distance <= max(2, name.utf8.count / 3)
        else { return nil }
        return best.key
    }

    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (line, letter) in one.prefix(64).enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, counterpart) in other.enumerated() {
                let changed = diagonal + (letter == counterpart ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}

/// The values of a file by their dotted keys.
struct ConfigurationValues {
    private let root: TOMLTable

    init(_ root: TOMLTable) { self.root = root }

    private func value(_ key: String) -> (any TOMLValueConvertible)? {
        let parts = key.split(separator: ".").map(String.init)
        return parts.count == 1 ? root[parts[0]] : root[parts[0]]?.table?[parts[1]]
    }

    func string(_ key: String) throws(ConfigurationFailure) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string else { throw wrong(key, "a text in quotes", value) }
        return text
    }

    func bool(_ key: String) throws(ConfigurationFailure) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let truth = value.bool else { throw wrong(key, "true or false", value) }
        return truth
    }

    func number(_ key: String) throws(ConfigurationFailure) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.double ?? value.int.map(Double.init) else {
            throw wrong(key, "a number", value)
        }
        return number
    }

    /// A quantity as a text with a suffix, or as a whole number.
    func quantity(_ key: String) throws(ConfigurationFailure) -> String? {
        guard let value = value(key) else { return nil }
        if let text = value.string { return text }
        guard let number = value.int else {
            throw wrong(key, "a whole number or a text such as “500k”", value)
        }
        return String(number)
    }

    func integer(_ key: String) throws(ConfigurationFailure) -> Int? {
        guard let value = value(key) else { return nil }
        guard let integer = value.int else { throw wrong(key, "a whole number", value) }
        return integer
    }

    /// A list of texts; a single text counts as a list of one.
    func strings(_ key: String) throws(ConfigurationFailure) -> [String] {
        guard let value = value(key) else { return [] }
        if let text = value.string { return [text] }
        guard let array = value.array else { throw wrong(key, "a list of texts", value) }
        var texts: [String] = []
        for index in 0..<array.count {
            guard let text = array[index].string else { throw wrong(key, "a list of texts", value) }
            texts.append(text)
        }
        return texts
    }

    private func wrong(
        _ key: String,
        _ wanted: String,
        _ value: any TOMLValueConvertible
    ) -> ConfigurationFailure {
        .wrongKind(key: key, wanted: wanted, found: value.type.rawValue)
    }
}
